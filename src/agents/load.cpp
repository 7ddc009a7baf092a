#include "agents/load.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace gitplan::agents {
namespace {

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  text = text::trim(text);
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || number < 0)
    return std::nullopt;
  return number;
}

/// The number behind the word that a line begins with.
std::optional<std::int64_t> line_value(std::string_view text, std::string_view word) {
  for (std::string_view line : text::split(text, '\n')) {
    if (!line.starts_with(word)) continue;
    line = text::trim(line.substr(word.size()));
    return number_of<std::int64_t>(line.substr(0, line.find(' ')));
  }
  return std::nullopt;
}

}  // namespace

bool bears_another(const LoadLimit& limit, const MachineState& machine) {
  if (limit.most_load && machine.load >= *limit.most_load) return false;
  return limit.least_memory <= 0 || !machine.memory || *machine.memory >= limit.least_memory;
}

std::optional<double> parse_load(std::string_view text) {
  const auto words = text::split(text::trim(text), ' ');
  const auto load = number_of<double>(words.front());
  if (!load || words.size() < 4) return load;
  const auto running = number_of<int>(words[3].substr(0, words[3].find('/')));
  return std::max(*load, static_cast<double>(running.value_or(1) - 1));
}

std::optional<std::int64_t> parse_available_memory(std::string_view text) {
  const auto kilobytes = line_value(text, "MemAvailable:");
  return kilobytes ? std::optional(*kilobytes * 1024) : std::nullopt;
}

std::optional<std::int64_t> parse_group_memory(std::string_view limit, std::string_view used,
                                               std::string_view stat) {
  const auto most = number_of<std::int64_t>(limit);
  const auto taken = number_of<std::int64_t>(used);
  if (!most || !taken) return std::nullopt;
  const std::int64_t had_back = line_value(stat, "inactive_file ").value_or(0);
  return std::max<std::int64_t>(0, *most - std::max<std::int64_t>(0, *taken - had_back));
}

std::optional<std::string_view> parse_own_group(std::string_view text) {
  constexpr std::string_view second_hierarchy = "0::";
  for (const std::string_view line : text::split(text, '\n')) {
    if (line.starts_with(second_hierarchy)) return line.substr(second_hierarchy.size());
  }
  return std::nullopt;
}

}  // namespace gitplan::agents
