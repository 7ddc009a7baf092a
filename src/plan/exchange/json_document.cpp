#include "plan/exchange/json_document.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "base/error.hpp"
#include "plan/exchange/conflict_markers.hpp"
#include "plan/json_problem.hpp"
#include "plan/shown.hpp"
#include "plan/toml.hpp"
#include "plan/toml_tree.hpp"

namespace gitplan::exchange {
namespace {

constexpr std::array<std::string_view, 4> id_keys = {"id", "dependencies", "issue_id",
                                                     "depends_on_id"};

/// Builds the value out of events, as nlohmann's own parser has no bounds, lets a key stand twice
/// and rounds what are names.
class Builder : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(std::int64_t value) override { return add(value); }
  bool number_unsigned(std::uint64_t value) override { return add(value); }
  bool number_float(double value, const std::string& text) override {
    return names_something() ? add(text) : add(value);
  }
  bool string(std::string& value) override { return add(std::move(value)); }
  bool binary(Json::binary_t& /*value*/) override { return refuse("binary data in it"); }

  bool start_object(std::size_t /*elements*/) override { return enter(Json::object()); }
  bool start_array(std::size_t /*elements*/) override { return enter(Json::array()); }
  bool key(std::string& name) override {
    if (!frames_.back().keys.insert(name).second) return refuse(json_problem::duplicate_key(name));
    frames_.back().key = std::move(name);
    return true;
  }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }

  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const Json::exception& error) override {
    return refuse(json_problem::of_parser(error.what()));
  }

  [[nodiscard]] const std::string& problem() const { return problem_; }
  [[nodiscard]] Json released() { return std::move(root_); }

 private:
  struct Frame {
    Json* value = nullptr;
    bool lists_ids = false;  ///< of a list
    std::string key;         ///< of an object: the one whose value comes next
    std::unordered_set<std::string> keys;
  };

  [[nodiscard]] bool names_something() const {
    if (frames_.empty()) return false;
    const Frame& frame = frames_.back();
    if (frame.value->is_array()) return frame.lists_ids;
    return std::find(id_keys.begin(), id_keys.end(), frame.key) != id_keys.end();
  }
  Json& put(Json&& value) {
    if (frames_.empty()) return root_ = std::move(value);
    Json& into = *frames_.back().value;
    if (into.is_array()) return into.get_ref<Json::array_t&>().emplace_back(std::move(value));
    // Not by operator[], which looks at all keys that there are.
    return into.get_ref<Json::object_t&>()
        .emplace_back(frames_.back().key, std::move(value))
        .second;
  }
  bool add(Json value) {
    put(std::move(value));
    return true;
  }
  bool enter(Json&& value) {
    if (frames_.size() >= toml_io::max_levels) return refuse(json_problem::too_deep());
    const bool lists_ids = names_something();
    frames_.push_back({&put(std::move(value)), lists_ids, {}, {}});
    return true;
  }
  bool leave() {
    frames_.pop_back();
    return true;
  }
  bool refuse(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }

  Json root_;
  std::vector<Frame> frames_;
  std::string problem_;
};

/// In a text of one line only the column counts.
std::string_view without_only_line(std::string_view problem, std::string_view text) {
  constexpr std::string_view only_line = "line 1, ";
  if (problem.starts_with(only_line) && text.find('\n') == std::string_view::npos)
    problem.remove_prefix(only_line.size());
  return problem;
}

}  // namespace

Json parse_json(std::string_view text, std::string_view name) {
  toml_io::require_text(text, name);
  Builder builder;
  if (Json::sax_parse(text, &builder)) return builder.released();
  refuse_conflict_markers(text, name);
  throw Error(ErrorKind::fatal,
              fmt::format("{}: {}", name, without_only_line(builder.problem(), text)));
}

std::optional<std::string> text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_unsigned()) return fmt::format("{}", value.get<std::uint64_t>());
  if (value.is_number_integer()) return fmt::format("{}", value.get<std::int64_t>());
  return std::nullopt;
}

std::optional<std::string> text_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? std::nullopt : text_of(*found);
}

}  // namespace gitplan::exchange
