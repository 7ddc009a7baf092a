#include "agents/usage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.hpp"

namespace gitplan::agents {
namespace {

constexpr double too_much = 1e15;
constexpr std::size_t most_units = 32;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<double> parse_number(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_good = !text.empty() && error == std::errc{} && end == text.data() + text.size() &&
                       std::isfinite(number) && number >= 0 && number < too_much;
  return is_good ? std::optional(number) : std::nullopt;
}

/// A unit and a number with `separator` between them.
std::optional<std::pair<std::string, double>> parse_pair(std::string_view text, char separator) {
  const auto at = text.find(separator);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view unit = text::trim(text.substr(0, at));
  const auto number = parse_number(text::trim(text.substr(at + 1)));
  if (!is_unit(unit) || !number) return std::nullopt;
  return std::pair(std::string(unit), *number);
}

/// False where it would become one unit too many, or too large a sum.
bool count(Usage& sum, const std::string& unit, double number) {
  const auto found = sum.find(unit);
  if (found == sum.end()) return sum.size() < most_units && sum.emplace(unit, number).second;
  if (found->second + number >= too_much) return false;
  found->second += number;
  return true;
}

std::string with_spaces(std::string_view line) {
  std::string text(line);
  std::ranges::replace(text, '\t', ' ');
  return text;
}

}  // namespace

bool is_unit(std::string_view text) {
  constexpr std::size_t longest = 32;
  return !text.empty() && text.size() <= longest && is_letter(text.front()) &&
         std::ranges::all_of(text, [](char c) {
           return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '-';
         });
}

UsageFile read_usage(std::string_view text) {
  UsageFile file;
  long long bad = 0;
  std::string first;
  for (const std::string_view line : text::split(text, '\n')) {
    const std::string_view trimmed = text::trim(line);
    if (trimmed.empty()) continue;
    const auto pair = parse_pair(with_spaces(trimmed), ' ');
    if (pair && count(file.usage, pair->first, pair->second)) continue;
    if (bad++ == 0) first = trimmed.substr(0, 40);
  }
  if (bad > 0) {
    file.problem = fmt::format("{} of its usage not counted: '{}'",
                               text::count(bad, "line", "lines"), text::printable(first));
  }
  return file;
}

void add(Usage& sum, const Usage& more) {
  for (const auto& [unit, number] : more) count(sum, unit, number);
}

std::string number_word(double number) { return fmt::format("{:.15g}", number); }

std::string to_words(const Usage& usage) {
  std::vector<std::string> words;
  for (const auto& [unit, number] : usage)
    words.push_back(fmt::format("{}={}", unit, number_word(number)));
  return text::join(words, " ");
}

Usage parse_words(std::string_view words) {
  Usage usage;
  for (const std::string_view word : text::split(words, ' ')) {
    if (const auto pair = parse_pair(word, '=')) count(usage, pair->first, pair->second);
  }
  return usage;
}

std::optional<Cap> parse_cap(std::string_view text) {
  const auto pair = parse_pair(text, '=');
  return pair ? std::optional(Cap{pair->first, pair->second}) : std::nullopt;
}

std::optional<Reached> reached(const Usage& sum, const std::vector<Cap>& caps) {
  for (const Cap& cap : caps) {
    const auto found = sum.find(cap.unit);
    const double used = found == sum.end() ? 0 : found->second;
    if (used >= cap.most) return Reached{cap, used};
  }
  return std::nullopt;
}

}  // namespace gitplan::agents
