#include "base/clock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <ctime>
#include <fstream>

#include "base/text.hpp"

namespace gitplan {

namespace {

// Years 0 to 9999: what RFC 3339 can say.
constexpr Seconds first_second = -62'167'219'200;
constexpr Seconds last_second = 253'402'300'799;

std::optional<Seconds> parse_seconds(std::string_view digits) {
  Seconds seconds = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  if (error != std::errc() || end != digits.data() + digits.size()) return {};
  return seconds;
}

std::string first_line(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::optional<Seconds> test_date() {
  const char* text = std::getenv("GIT_PLAN_TEST_DATE");  // NOLINT(concurrency-mt-unsafe)
  if (text == nullptr) return {};
  const std::string_view digits = text;
  return digits.starts_with('/') ? parse_seconds(first_line(text)) : parse_seconds(digits);
}

std::string years_and_months(Seconds days) {
  const Seconds months = (days * 12 * 2 + 365) / (365 * 2);
  const std::string years = text::count(months / 12, "year", "years");
  if (months % 12 == 0) return years + " ago";
  return fmt::format("{}, {} ago", years, text::count(months % 12, "month", "months"));
}

}  // namespace

Seconds now() {
  if (const auto date = test_date()) return *date;
  return std::time(nullptr);
}

std::string rfc3339(Seconds time) {
  const std::time_t clamped = std::clamp(time, first_second, last_second);
  std::tm utc{};
  gmtime_r(&clamped, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", utc.tm_year + 1900, utc.tm_mon + 1,
                     utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

std::optional<Seconds> parse_rfc3339(std::string_view text) {
  const auto number = [&](std::size_t position, std::size_t length, int least, int most) {
    int value = -1;
    const std::string_view digits = text.substr(std::min(position, text.size()), length);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool good = error == std::errc() && digits.size() == length &&
                      end == digits.data() + length && value >= least && value <= most;
    return good ? value : -1;
  };
  constexpr std::string_view shape = "0000-00-00T00:00:00";
  if (text.size() <= shape.size()) return {};
  for (const std::size_t mark : {4U, 7U, 13U, 16U}) {
    if (text[mark] != shape[mark]) return {};
  }
  if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return {};
  std::tm utc{};
  utc.tm_year = number(0, 4, 0, 9999) - 1900;
  utc.tm_mon = number(5, 2, 1, 12) - 1;
  utc.tm_mday = number(8, 2, 1, 31);
  utc.tm_hour = number(11, 2, 0, 23);
  utc.tm_min = number(14, 2, 0, 59);
  utc.tm_sec = number(17, 2, 0, 60);
  const bool complete = utc.tm_year >= -1900 && utc.tm_mon >= 0 && utc.tm_mday > 0 &&
                        utc.tm_hour >= 0 && utc.tm_min >= 0 && utc.tm_sec >= 0;
  if (!complete) return {};
  std::size_t rest = shape.size();
  if (text[rest] == '.') {
    const std::size_t end = text.find_first_not_of("0123456789", rest + 1);
    if (end == std::string_view::npos || end == rest + 1) return {};
    rest = end;
  }
  const int month = utc.tm_mon;
  const Seconds local = timegm(&utc);
  if (utc.tm_mon != month) return {};  // 30 February
  if (text.substr(rest) == "Z" || text.substr(rest) == "z") return local;
  const bool has_offset =
      text.size() == rest + 6 && text[rest + 3] == ':' && (text[rest] == '+' || text[rest] == '-');
  const int hours = has_offset ? number(rest + 1, 2, 0, 23) : -1;
  const int minutes = has_offset ? number(rest + 4, 2, 0, 59) : -1;
  if (hours < 0 || minutes < 0) return {};
  const Seconds offset = hours * Seconds{3600} + minutes * Seconds{60};
  return text[rest] == '+' ? local - offset : local + offset;
}

std::string session_name(Seconds time) {
  // A day within the clamp, so that no time zone leaves the four-digit years.
  const std::time_t clamped = std::clamp(time, first_second + 86'400, last_second - 86'400);
  std::tm local{};
  tzset();  // localtime_r need not look at $TZ
  localtime_r(&clamped, &local);
  return fmt::format("session-{:04}{:02}{:02}-{:02}{:02}{:02}", local.tm_year + 1900,
                     local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec);
}

std::string local_time(Seconds time, Seconds now) {
  const auto local = [](Seconds seconds) {
    const std::time_t clamped = std::clamp(seconds, first_second + 86'400, last_second - 86'400);
    std::tm parts{};
    localtime_r(&clamped, &parts);
    return parts;
  };
  tzset();  // localtime_r need not look at $TZ
  const std::tm then = local(time);
  const std::tm today = local(now);
  const auto clock = fmt::format("{:02}:{:02}", then.tm_hour, then.tm_min);
  if (then.tm_year == today.tm_year && then.tm_yday == today.tm_yday) return clock;
  return fmt::format("{:04}-{:02}-{:02} {}", then.tm_year + 1900, then.tm_mon + 1, then.tm_mday,
                     clock);
}

// The same steps and rounding as git's show_date_relative().
std::string ago(Seconds then, Seconds now) {
  if (now < then) return "in the future";
  const auto say = [](Seconds n, std::string_view singular, std::string_view plural) {
    return text::count(n, singular, plural) + " ago";
  };
  const Seconds seconds = now - then;
  if (seconds < 90) return say(seconds, "second", "seconds");
  const Seconds minutes = (seconds + 30) / 60;
  if (minutes < 90) return say(minutes, "minute", "minutes");
  const Seconds hours = (minutes + 30) / 60;
  if (hours < 36) return say(hours, "hour", "hours");
  const Seconds days = (hours + 12) / 24;
  if (days < 14) return say(days, "day", "days");
  if (days < 70) return say((days + 3) / 7, "week", "weeks");
  if (days < 365) return say((days + 15) / 30, "month", "months");
  if (days < 1825) return years_and_months(days);
  return say((days + 183) / 365, "year", "years");
}

}  // namespace gitplan
