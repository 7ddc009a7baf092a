#include "plan/estimate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/text.hpp"

namespace gitplan {
namespace {

constexpr double minute = 60;
constexpr double hour = 60 * minute;
constexpr double day = 24 * hour;
constexpr double week = 7 * day;
constexpr double longest = 366 * day;

struct Unit {
  std::string_view word;
  double seconds;
};
constexpr std::array<Unit, 22> units = {
    {{"s", 1},       {"sec", 1},      {"secs", 1},      {"second", 1},      {"seconds", 1},
     {"m", minute},  {"min", minute}, {"mins", minute}, {"minute", minute}, {"minutes", minute},
     {"h", hour},    {"hr", hour},    {"hrs", hour},    {"hour", hour},     {"hours", hour},
     {"d", day},     {"day", day},    {"days", day},    {"w", week},        {"wk", week},
     {"week", week}, {"weeks", week}}};

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_number_part(char c) { return (c >= '0' && c <= '9') || c == '.'; }

void skip_space(std::string_view& text) { text = text::trim(text); }

/// Takes the longest start of `text` that consists of such characters.
template <class Predicate>
std::string_view take_while(std::string_view& text, Predicate predicate) {
  const auto* const end = std::ranges::find_if_not(text, predicate);
  const auto size = static_cast<std::size_t>(end - text.begin());
  const std::string_view taken = text.substr(0, size);
  text.remove_prefix(size);
  return taken;
}

/// Digits only, few enough for a double to count them exactly.
bool is_short_whole(std::string_view digits) {
  constexpr std::size_t exact = 15;
  return !digits.empty() && digits.size() <= exact && digits.find('.') == std::string_view::npos;
}

/// "8", "1.5"; no sign, no exponent.
std::optional<double> take_number(std::string_view& text) {
  const std::string_view digits = take_while(text, is_number_part);
  double value = 0;
  if (is_short_whole(digits)) {
    for (const char digit : digits) value = value * 10 + (digit - '0');
    return value;
  }
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value,
                                              std::chars_format::fixed);
  if (digits.empty() || digits.front() == '.' || digits.back() == '.' || failure != std::errc{} ||
      end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return value;
}

std::optional<double> unit_seconds(std::string_view word) {
  const auto* const found = std::ranges::find(units, word, &Unit::word);
  if (found == units.end()) return std::nullopt;
  return found->seconds;
}

/// The part of an ISO 8601 duration after its 'P': "T8M", "1DT2H30M", "2W".
std::optional<double> parse_iso(std::string_view text) {
  double total = 0;
  double smallest = longest;
  bool time = false;
  bool any = false;
  while (!text.empty()) {
    if (text.front() == 't' && !time) {
      time = true;
      any = false;
      text.remove_prefix(1);
      continue;
    }
    const auto number = take_number(text);
    if (!number || text.empty()) return std::nullopt;
    const char designator = text.front();
    text.remove_prefix(1);
    if (std::string_view(time ? "hms" : "wd").find(designator) == std::string_view::npos) {
      return std::nullopt;
    }
    const double unit = unit_seconds(std::string_view(&designator, 1)).value_or(longest);
    if (unit >= smallest) return std::nullopt;
    smallest = unit;
    total += *number * unit;
    any = true;
  }
  return any ? std::optional(total) : std::nullopt;
}

/// "8 minutes", "1h 30m", "1 hour, 30 minutes", "1h30": parts of ever smaller units.
std::optional<double> parse_parts(std::string_view text) {
  double total = 0;
  double smallest = longest;
  for (bool first = true; !text.empty(); first = false) {
    if (!first && text.front() == ',') text.remove_prefix(1);
    skip_space(text);
    if (!first && text.starts_with("and ")) text.remove_prefix(4);
    skip_space(text);
    const auto number = take_number(text);
    if (!number) return std::nullopt;
    skip_space(text);
    const std::string_view word = take_while(text, is_letter);
    std::optional<double> unit = unit_seconds(word);
    if (word.empty() && text.empty() && (first || smallest == hour)) unit = minute;
    if (!unit || *unit >= smallest) return std::nullopt;
    smallest = *unit;
    total += *number * *unit;
    skip_space(text);
  }
  return total;
}

}  // namespace

std::optional<double> parse_duration(std::string_view text) {
  const std::string lowered = lower(text::trim(text));
  std::string_view rest = lowered;
  if (rest.starts_with('~')) {
    rest.remove_prefix(1);
  } else if (rest.starts_with("about ")) {
    rest.remove_prefix(6);
  }
  skip_space(rest);
  if (rest.empty()) return std::nullopt;
  const auto seconds = rest.front() == 'p' ? parse_iso(rest.substr(1)) : parse_parts(rest);
  if (!seconds || !std::isfinite(*seconds) || *seconds > longest) return std::nullopt;
  return seconds;
}

std::string format_minutes(double minutes) {
  constexpr double exact_below = 2 * minute;  // what is shorter shows its seconds
  const double seconds = std::round(minutes * minute);
  if (seconds < exact_below && (seconds == 0 || std::fmod(seconds, minute) != 0)) {
    return fmt::format("{:.0f} s", seconds);
  }
  const long long whole = std::llround(seconds / minute);
  const long long hours = whole / 60;
  const long long rest = whole % 60;
  if (hours == 0) return fmt::format("{} min", whole);
  if (rest == 0) return fmt::format("{} h", hours);
  return fmt::format("{} h {} min", hours, rest);
}

}  // namespace gitplan
