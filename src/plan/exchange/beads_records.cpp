#include "plan/exchange/beads_records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/exchange/conflict_markers.hpp"
#include "plan/exchange/items.hpp"
#include "plan/exchange/record_json.hpp"
#include "plan/shown.hpp"
#include "plan/toml_tree.hpp"

namespace gitplan::exchange {
namespace {

/// When a record was changed last. Records of one second differ in its fraction.
struct Moment {
  Seconds second = 0;
  std::string fraction;
  auto operator<=>(const Moment&) const = default;
};

Moment changed_at(const Json& issue) {
  auto text = text_at(issue, "updated_at");
  if (!text) text = text_at(issue, "created_at");
  if (!text) return {};
  Moment moment{parse_rfc3339(*text).value_or(0), ""};
  if (const auto dot = text->find('.'); dot != std::string::npos) {
    const auto end = std::min(text->find_first_not_of("0123456789", dot + 1), text->size());
    moment.fraction = text->substr(dot + 1, end - dot - 1);
  }
  return moment;
}

/// Why a record is no issue; nothing if it is one.
std::string no_issue(const Json& record) {
  if (!record.is_object()) return "what is no record is left out";
  const std::string type = text_at(record, "_type").value_or("issue");
  if (type != "issue")
    return fmt::format("a record of type '{}' is no issue and is left out", shown(type, 40));
  if (beads_id(record).empty()) return "a record without an id is left out";
  return "";
}

class Collector {
 public:
  explicit Collector(Warnings& warnings) : warnings_(&warnings) {}

  void add(Json record, const std::string& where) {
    if (const std::string reason = no_issue(record); !reason.empty())
      return warnings_->add("left_out", reason, where);
    const std::string id = beads_id(record);
    const auto [known, is_new] = by_id_.try_emplace(id, records_.size());
    if (is_new) {
      records_.push_back(std::move(record));
    } else if (Json& other = records_[known->second]; other != record) {
      warnings_->add("duplicate_id", "of records with one id only the newest is taken", id);
      if (changed_at(record) >= changed_at(other)) other = std::move(record);
    }
  }

  /// One line cannot keep the others from being read.
  void add(std::string_view line, const std::string& where) try {
    add(parse_json(line, "no JSON"), where);
  } catch (const Error& error) {
    warnings_->add("left_out", fmt::format("a line is left out, {}", error.messages().front()),
                   where);
  }

  /// Those that are not deleted.
  std::vector<Json> living_records() {
    std::erase_if(records_, [](const Json& record) { return beads_status(record) == "tombstone"; });
    return std::move(records_);
  }

 private:
  Warnings* warnings_;
  std::vector<Json> records_;
  std::unordered_map<std::string, std::size_t> by_id_;
};

void read_lines(std::string_view text, Collector& collector, Warnings& warnings) {
  int number = 0;
  bool in_base = false;  // what both sides of a conflict began with
  for (const std::string_view line : text::split(text, '\n')) {
    const std::string place = fmt::format("line {}", ++number);
    const Marker marker = marker_of(line);
    if (marker != Marker::none) {
      in_base = marker == Marker::base;
      warnings.add("conflict", "a conflict of git's is not settled, both sides are read", place);
    } else if (!in_base && !text::trim(line).empty()) {
      collector.add(line, place);
    }
  }
}

void read_list(const Json& list, Collector& collector) {
  std::size_t place = 0;
  for (const Json& record : list) collector.add(record, fmt::format("record {}", ++place));
}

}  // namespace

std::string beads_id(const Json& record) { return text_at(record, "id").value_or(""); }

std::string beads_status(const Json& record) { return text_at(record, "status").value_or("open"); }

std::string beads_guidance(const Json& record) {
  std::optional<std::string> text;
  add_paragraph(text, "", prose_at(record, "description"));
  add_paragraph(text, "Design", prose_at(record, "design"));
  add_paragraph(text, "Notes", prose_at(record, "notes"));
  return text.value_or("");
}

std::string beads_description(const std::string& guidance, const Json& record) {
  Json rest = record;
  rest.erase("description");
  const std::string below = beads_guidance(rest);
  if (!guidance.ends_with(below)) return guidance;
  return std::string(text::trim(guidance.substr(0, guidance.size() - below.size())));
}

std::vector<Json> beads_records(std::string_view text, std::string_view name, Warnings& warnings) {
  toml_io::require_text(text, name);
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  Collector collector(warnings);
  if (text::trim(text).starts_with('[')) {
    read_list(parse_json(text, name), collector);
  } else {
    read_lines(text, collector, warnings);
  }
  return collector.living_records();
}

}  // namespace gitplan::exchange
