#include "base/clock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <ctime>

#include "base/text.hpp"

namespace gitplan {

namespace {

// Years 0 to 9999: what RFC 3339 can say.
constexpr Seconds first_second = -62'167'219'200;
constexpr Seconds last_second = 253'402'300'799;

std::optional<Seconds> test_date() {
  const char* text = std::getenv("GIT_PLAN_TEST_DATE");  // NOLINT(concurrency-mt-unsafe)
  if (text == nullptr) return {};
  const std::string_view digits = text;
  Seconds seconds = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  if (error != std::errc() || end != digits.data() + digits.size()) return {};
  return seconds;
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

std::string session_name(Seconds time) {
  // A day within the clamp, so that no time zone leaves the four-digit years.
  const std::time_t clamped = std::clamp(time, first_second + 86'400, last_second - 86'400);
  std::tm local{};
  tzset();  // localtime_r need not look at $TZ
  localtime_r(&clamped, &local);
  return fmt::format("session-{:04}{:02}{:02}-{:02}{:02}{:02}", local.tm_year + 1900,
                     local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec);
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
