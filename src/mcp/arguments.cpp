#include "mcp/arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace gitplan::mcp {
namespace {

std::string_view wanted(Type type) {
  switch (type) {
    case Type::text:
      return "a text";
    case Type::texts:
      return "a list of texts";
    case Type::id:
      return "a text or a whole number of at least 1";
    case Type::ids:
      return "a list of texts or whole numbers";
    case Type::flag:
      return "true or false";
    case Type::count:
      return "a whole number of at least 1";
    case Type::tasks:
    case Type::new_tasks:
      return "a list of tasks";
    case Type::draft:
      break;
  }
  return "an object with tasks";
}

[[noreturn]] void refuse(const Tool& tool, const Parameter& parameter, std::string_view problem) {
  throw BadParameters{fmt::format("{}: '{}' {}: {} is wanted, for example: {}", tool.name,
                                  parameter.name, problem, wanted(parameter.type),
                                  parameter.example)};
}

/// 1.0 is whole too, as JSON Schema has it.
bool is_whole(const Input& value) {
  constexpr double exact = 1LL << 53;
  if (!value.is_number_float()) return value.is_number_integer();
  const auto number = value.get<double>();
  return std::abs(number) <= exact && number == std::trunc(number);
}

bool is_word(const Input& value) {
  return value.is_string() || (is_whole(value) && value.get<double>() >= 1);
}

std::string word_of(const Input& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_number_float() ? std::to_string(value.get<std::int64_t>()) : value.dump();
}

/// Some clients send lists and objects as the text of their JSON.
Input decoded(const Input& value) {
  if (!value.is_string()) return value;
  Input inner;
  std::string problem;
  return parse_value(value.get_ref<const std::string&>(), inner, problem) ? inner : value;
}

std::optional<Input> as_list(const Input& value, bool (*fits)(const Input&)) {
  Input list = decoded(value);
  if (!list.is_array()) list = Input::array({value});
  if (!std::all_of(list.begin(), list.end(), fits)) return std::nullopt;
  return list;
}

/// "001, 002" are two ids.
std::optional<Input> as_ids(const Input& value) {
  const auto given = as_list(value, is_word);
  if (!given) return std::nullopt;
  Input ids = Input::array();
  for (const Input& one : *given) {
    const std::string words = word_of(one);
    for (const std::string_view word : text::split(words, ',')) {
      if (!text::trim(word).empty()) ids.push_back(std::string(text::trim(word)));
    }
  }
  return ids;
}

std::optional<Input> as_text(const Input& value) {
  if (value.is_string()) return value;
  const bool is_list =
      value.is_array() &&
      std::all_of(value.begin(), value.end(), [](const Input& one) { return one.is_string(); });
  if (!is_list) return std::nullopt;
  return Input(text::join(value.get<std::vector<std::string>>(), "\n"));
}

std::optional<Input> as_flag(const Input& value) {
  if (value.is_boolean()) return value;
  if (value == "true") return Input(true);
  if (value == "false") return Input(false);
  return std::nullopt;
}

std::optional<Input> as_count(const Input& value) {
  if (!is_word(value)) return std::nullopt;
  const std::string word = word_of(value);
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc{} || end != word.data() + word.size() || number < 1) return std::nullopt;
  return Input(number);
}

std::optional<Input> coerce(Type type, const Input& value) {
  switch (type) {
    case Type::text:
      return as_text(value);
    case Type::texts:
      return as_list(value, [](const Input& one) { return one.is_string(); });
    case Type::id:
      return is_word(value) ? std::optional(Input(word_of(value))) : std::nullopt;
    case Type::ids:
      return as_ids(value);
    case Type::flag:
      return as_flag(value);
    case Type::count:
      return as_count(value);
    case Type::tasks:
    case Type::new_tasks:
      return as_list(value, [](const Input& one) { return one.is_object(); });
    case Type::draft:
      break;
  }
  Input object = decoded(value);
  return object.is_object() ? std::optional(std::move(object)) : std::nullopt;
}

/// "is number"; of a list, which of its items it is that does not fit.
std::string problem_of(Type type, const Input& value) {
  const Input list = decoded(value);
  if (list.is_array() && coerce(type, Input::array())) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (coerce(type, Input::array({list[i]}))) continue;
      return fmt::format("has {} as item {}", list[i].type_name(), i + 1);
    }
  }
  const bool is_out_of_range = (type == Type::id || type == Type::count) && value.is_number();
  return fmt::format("is {}", is_out_of_range ? value.dump() : value.type_name());
}

/// Null is not given; nor is an empty text, which some clients send for all that they leave out.
bool is_given(const Parameter& parameter, const Input& value) {
  return !value.is_null() && (parameter.needed == Needed::yes || value != "");
}

void refuse_other_choice(const Tool& tool, const Parameter& parameter, const Input& value) {
  const std::vector<std::string> known(parameter.choices.begin(), parameter.choices.end());
  const auto word = value.get<std::string>();
  if (std::ranges::find(known, word) != known.end()) return;
  const auto near = text::did_you_mean(word, known);
  throw BadParameters{fmt::format("{}: '{}' is '{}'; {}", tool.name, parameter.name,
                                  text::printable(word),
                                  near ? fmt::format("did you mean '{}'?", *near)
                                       : "one of these is wanted: " + text::join(known, ", "))};
}

/// What was meant by it would not happen: nothing does.
void refuse_unknown(const Tool& tool, const Input& given) {
  std::vector<std::string> known;
  for (const Parameter& parameter : tool.parameters) known.emplace_back(parameter.name);
  for (const auto& [name, value] : given.items()) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const auto near = text::did_you_mean(name, known);
    throw BadParameters{fmt::format(
        "{}: no parameter '{}'; {}", tool.name, text::printable(name),
        near ? fmt::format("did you mean '{}'?", *near) : "there are " + text::join(known, ", "))};
  }
}

}  // namespace

Arguments::Arguments(const Tool& tool, const Input& given) {
  refuse_unknown(tool, given);
  Input values = Input::object();
  for (const Parameter& parameter : tool.parameters) {
    const auto found = given.find(parameter.name);
    if (found == given.end() || !is_given(parameter, *found)) {
      if (parameter.needed == Needed::yes) refuse(tool, parameter, "is missing");
      continue;
    }
    auto value = coerce(parameter.type, *found);
    if (!value) refuse(tool, parameter, problem_of(parameter.type, *found));
    if (!parameter.choices.empty()) refuse_other_choice(tool, parameter, *value);
    values[std::string(parameter.name)] = std::move(*value);
  }
  values_ = std::make_shared<const Input>(std::move(values));
}

const Input* Arguments::find(std::string_view name) const {
  const auto found = values_->find(name);
  return found == values_->end() ? nullptr : &*found;
}

bool Arguments::has(std::string_view name) const { return find(name) != nullptr; }

std::optional<std::string> Arguments::text(std::string_view name) const {
  const Input* value = find(name);
  return value == nullptr ? std::nullopt : std::optional(value->get<std::string>());
}

std::optional<std::vector<std::string>> Arguments::optional_list(std::string_view name) const {
  const Input* value = find(name);
  if (value == nullptr) return std::nullopt;
  return value->get<std::vector<std::string>>();
}

std::vector<std::string> Arguments::list(std::string_view name) const {
  return optional_list(name).value_or(std::vector<std::string>{});
}

bool Arguments::flag(std::string_view name) const {
  const Input* value = find(name);
  return value != nullptr && value->get<bool>();
}

std::optional<std::size_t> Arguments::count(std::string_view name) const {
  const Input* value = find(name);
  return value == nullptr ? std::nullopt : std::optional(value->get<std::size_t>());
}

std::string Arguments::json(std::string_view name) const { return find(name)->dump(); }

std::string Arguments::json() const { return values_->dump(); }

}  // namespace gitplan::mcp
