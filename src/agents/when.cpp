#include "agents/when.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>
#include <string>

#include "base/text.hpp"
#include "plan/estimate.hpp"

namespace gitplan::agents {
namespace {

constexpr Seconds just_passed = 15 * 60;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes one or two digits.
std::optional<int> take_number(std::string_view& text) {
  std::size_t digits = 0;
  int value = 0;
  while (digits < text.size() && digits < 3 && is_digit(text[digits]))
    value = value * 10 + (text[digits++] - '0');
  if (digits == 0 || digits > 2) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

enum class Half { none, morning, afternoon };

std::optional<Half> half_of_day(std::string_view text) {
  std::string word(text::trim(text));
  std::erase(word, '.');
  std::ranges::transform(word, word.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  if (word.empty()) return Half::none;
  if (word == "am") return Half::morning;
  return word == "pm" ? std::optional(Half::afternoon) : std::nullopt;
}

/// Of the day on which `now` falls; a day that has no such time, or has it twice, decides itself.
Seconds on_this_day(Seconds now, std::tm time, int days_later) {
  const std::time_t clock = now;
  std::tm local{};
  localtime_r(&clock, &local);
  local.tm_mday += days_later;
  local.tm_hour = time.tm_hour;
  local.tm_min = time.tm_min;
  local.tm_sec = time.tm_sec;
  local.tm_isdst = -1;
  return std::mktime(&local);
}

/// The hour of 24 that it is; nothing for one that no clock shows.
std::optional<int> hour_of(int hour, Half half) {
  constexpr int noon = 12;
  if (half == Half::none) return hour <= 24 ? std::optional(hour % 24) : std::nullopt;
  if (hour < 1 || hour > noon) return std::nullopt;
  return hour % noon + (half == Half::afternoon ? noon : 0);
}

/// ":04", of minutes or seconds.
bool take_part(std::string_view& text, int& part) {
  if (!text.starts_with(':')) return true;
  text.remove_prefix(1);
  const std::size_t before = text.size();
  const auto number = take_number(text);
  if (!number || before - text.size() != 2 || *number > 59) return false;
  part = *number;
  return true;
}

std::optional<Seconds> time_of_day(std::string_view text, Seconds now) {
  std::tm time{};
  const auto hour = take_number(text);
  const bool has_minutes = text.starts_with(':');
  if (!hour || !take_part(text, time.tm_min) || !take_part(text, time.tm_sec)) return std::nullopt;
  const auto half = half_of_day(text);
  if (!half || (*half == Half::none && !has_minutes)) return std::nullopt;
  const auto of_day = hour_of(*hour, *half);
  if (!of_day) return std::nullopt;
  time.tm_hour = *of_day;
  tzset();  // localtime_r need not look at $TZ
  for (const int days_later : {-1, 0}) {
    const Seconds at = on_this_day(now, time, days_later);
    if (at >= now - just_passed) return at;
  }
  return on_this_day(now, time, 1);
}

std::optional<Seconds> since_1970(std::string_view text) {
  constexpr Seconds earliest = 1'000'000'000;  // smaller numbers are durations
  constexpr Seconds of_thousandths = 1'000'000'000'000;
  const auto point = text.find('.');
  if (point != std::string_view::npos) {
    if (!std::ranges::all_of(text.substr(point + 1), is_digit)) return std::nullopt;
    text = text.substr(0, point);
  }
  Seconds value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < earliest)
    return std::nullopt;
  return value >= of_thousandths ? value / 1000 : value;
}

}  // namespace

std::optional<Seconds> parse_when(std::string_view text, Seconds now) {
  constexpr std::size_t longest = 100;
  text = text::trim(text);
  if (text.empty() || text.size() > longest) return std::nullopt;
  if (const auto time = parse_rfc3339(text)) return time;
  if (const auto time = since_1970(text)) return time;
  if (const auto time = time_of_day(text, now)) return time;
  if (const auto duration = parse_duration(text))
    return now + static_cast<Seconds>(std::ceil(*duration));
  return std::nullopt;
}

}  // namespace gitplan::agents
