#include "plan/toml_values.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <array>

#include "base/text.hpp"
#include "plan/shown.hpp"

namespace gitplan::toml_io {
namespace {

constexpr std::int64_t max_version = 1'000'000'000'000;

std::string_view describe(toml::node_type type, Source source) {
  const bool json = source == Source::json_input;
  switch (type) {
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return json ? "a number" : "a float";
    case toml::node_type::boolean:
      return "a boolean";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::table:
      return json ? "an object" : "a table";
    case toml::node_type::date:
      return "a date";
    case toml::node_type::time:
      return "a time";
    case toml::node_type::date_time:
      return "a date and time";
    default:
      return "nothing";
  }
}

std::string quoted(std::string_view key) { return fmt::format("'{}'", key); }

/// A word out of a fixed set; `parse` knows it.
template <class Value, class Parse>
void read_word(const toml::node& node, std::string_view key, const Report& report,
               std::span<const std::string> words, Parse parse, Value& value) {
  if (!node.is_string()) return report.wrong_type(node, quoted(key), "a string");
  const std::string& word = node.as_string()->get();
  if (const auto parsed = parse(word)) {
    value = *parsed;
    return;
  }
  const auto near = text::did_you_mean(word, words);
  const std::string remedy =
      near ? fmt::format("did you mean '{}'?", *near)
           : fmt::format("it must be {} or {}", text::join(words.first(words.size() - 1), ", "),
                         words.back());
  report.add(fmt::format("bad_{}", key), node,
             fmt::format("bad {} '{}'; {}", key, shown(word), remedy));
}

}  // namespace

std::optional<int> Report::line_of(const toml::node& node) const {
  if (lines_ != nullptr) {
    const auto known = lines_->find(&node);
    return known == lines_->end() ? std::nullopt : std::optional(known->second);
  }
  const auto line = node.source().begin.line;
  return line == 0 ? std::nullopt : std::optional(static_cast<int>(line));
}

void Report::add(std::string code, const toml::node& node, std::string_view problem,
                 Severity severity) const {
  diagnostics_->push_back(
      {severity, std::move(code), fmt::format("{}: {}", label_, problem), task_, line_of(node)});
}

void Report::wrong_type(const toml::node& node, std::string_view what,
                        std::string_view wanted) const {
  add("wrong_type", node,
      fmt::format("{} must be {}, not {}", what, wanted, describe(node.type(), source_)));
}

void read_value(const toml::node& node, std::string_view key, Form form, const Report& report,
                std::string& value) {
  if (const auto* text = node.as_string()) {
    value = text->get();
  } else if (const auto* moment = node.as_date_time(); moment != nullptr && form == Form::time) {
    value = node_literal(*moment);
  } else if (const auto* day = node.as_date(); day != nullptr && form == Form::time) {
    value = node_literal(*day);
  } else {
    report.wrong_type(node, quoted(key), form == Form::time ? "a date and time" : "a string");
  }
}

void read_value(const toml::node& node, std::string_view key, Form /*form*/, const Report& report,
                std::optional<std::string>& value) {
  if (const auto* text = node.as_string()) {
    value = text->get();
  } else {
    report.wrong_type(node, quoted(key), "a string");
  }
}

void read_value(const toml::node& node, std::string_view key, Form /*form*/, const Report& report,
                std::vector<std::string>& value) {
  const toml::array* list = node.as_array();
  if (list == nullptr) return report.wrong_type(node, quoted(key), "a list of strings");
  std::vector<std::string> items;
  items.reserve(list->size());
  for (const toml::node& item : *list) {
    if (!item.is_string()) {
      return report.wrong_type(item, fmt::format("item {} of '{}'", items.size() + 1, key),
                               "a string");
    }
    items.push_back(item.as_string()->get());
  }
  value = std::move(items);
}

void read_value(const toml::node& node, std::string_view key, Form /*form*/, const Report& report,
                std::int64_t& value) {
  if (!node.is_integer()) return report.wrong_type(node, quoted(key), "an integer");
  const std::int64_t number = node.as_integer()->get();
  if (number < 1 || number > max_version) {
    return report.add("bad_version", node,
                      fmt::format("'{}' must be a positive number, not {}", key, number));
  }
  value = number;
}

void read_value(const toml::node& node, std::string_view key, Form /*form*/, const Report& report,
                bool& value) {
  if (!node.is_boolean()) return report.wrong_type(node, quoted(key), "true or false");
  value = node.as_boolean()->get();
}

void read_value(const toml::node& node, std::string_view key, Form /*form*/, const Report& report,
                Status& value) {
  static const std::array<std::string, 5> words = {"pending", "in_progress", "completed", "failed",
                                                   "cancelled"};
  read_word(node, key, report, words, parse_status, value);
}

void read_value(const toml::node& node, std::string_view key, Form /*form*/, const Report& report,
                std::optional<Priority>& value) {
  static const std::array<std::string, 4> words = {"critical", "high", "medium", "low"};
  read_word(node, key, report, words, parse_priority, value);
}

}  // namespace gitplan::toml_io
