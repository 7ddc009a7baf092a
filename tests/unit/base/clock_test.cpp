#include "base/clock.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <ctime>

using namespace gitplan;

namespace {

/// Sets an environment variable for one test, and puts back what was there.
class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) {
    const char* before = std::getenv(name);
    if (before != nullptr) before_ = before;
    setenv(name, value, 1);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() {
    if (before_) {
      setenv(name_, before_->c_str(), 1);
    } else {
      unsetenv(name_);
    }
  }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

}  // namespace

TEST_CASE("the test date takes the place of the clock") {
  const Environment date("GIT_PLAN_TEST_DATE", "1736692200");
  CHECK(now() == 1736692200);
}

TEST_CASE("a test date that is no number leaves the real clock") {
  const Environment date("GIT_PLAN_TEST_DATE", "12 o'clock");
  const Seconds before = std::time(nullptr);
  const Seconds read = now();
  CHECK(read >= before);
  CHECK(read <= std::time(nullptr));
}

TEST_CASE("RFC 3339 times are UTC with four-digit years") {
  CHECK(rfc3339(0) == "1970-01-01T00:00:00Z");
  CHECK(rfc3339(1736692200) == "2025-01-12T14:30:00Z");
  CHECK(rfc3339(-1) == "1969-12-31T23:59:59Z");
  CHECK(rfc3339(INT64_MAX) == "9999-12-31T23:59:59Z");
  CHECK(rfc3339(INT64_MIN) == "0000-01-01T00:00:00Z");
}

TEST_CASE("times are read as they are written, and in other zones") {
  for (const Seconds time : {Seconds{0}, Seconds{1736692200}, Seconds{-1}, Seconds{4102444799}})
    CHECK(parse_rfc3339(rfc3339(time)) == time);
  CHECK(parse_rfc3339("2025-01-12T15:30:00+01:00") == 1736692200);
  CHECK(parse_rfc3339("2025-01-12 14:00:00.125-00:30") == 1736692200);
  CHECK(parse_rfc3339("2024-02-29T00:00:00Z"));
  for (const char* bad :
       {"", "2025", "2025-01-12", "2025-01-12T14:30:00", "2025-02-30T00:00:00Z",
        "2025-13-01T00:00:00Z", "2025-01-12T24:00:00Z", "2025-01-12T14:30:00.Z",
        "2025-01-12T14:30:00+1:00", "2025-01-12T14:30:00Zulu", "2025-01-12T-1:30:00Z"})
    CHECK_FALSE(parse_rfc3339(bad));
}

TEST_CASE("sessions are named in local time") {
  {
    const Environment zone("TZ", "UTC");
    CHECK(session_name(1736692200) == "session-20250112-143000");
  }
  {
    const Environment zone("TZ", "EAST-9");
    CHECK(session_name(1736692200) == "session-20250112-233000");
  }
  CHECK(session_name(INT64_MAX).size() == std::string("session-20250112-143000").size());
}

TEST_CASE("a time of day is local, with its day where that is another one") {
  const Environment zone("TZ", "EAST-9");
  const Seconds noon = 1736650800;  // there
  CHECK(local_time(noon, noon) == "12:00");
  CHECK(local_time(noon + 11 * 3600, noon) == "23:00");
  CHECK(local_time(noon + 12 * 3600, noon) == "2025-01-13 00:00");
}

TEST_CASE("ages are told as git tells them") {
  const Seconds hour = 3600;
  const Seconds day = 24 * hour;
  const Seconds then = 1'000'000'000;
  CHECK(ago(then, then - 1) == "in the future");
  CHECK(ago(then, then) == "0 seconds ago");
  CHECK(ago(then, then + 1) == "1 second ago");
  CHECK(ago(then, then + 89) == "89 seconds ago");
  CHECK(ago(then, then + 90) == "2 minutes ago");
  CHECK(ago(then, then + 2 * hour) == "2 hours ago");
  CHECK(ago(then, then + 35 * hour) == "35 hours ago");
  CHECK(ago(then, then + 3 * day) == "3 days ago");
  CHECK(ago(then, then + 14 * day) == "2 weeks ago");
  CHECK(ago(then, then + 90 * day) == "3 months ago");
  CHECK(ago(then, then + 365 * day) == "1 year ago");
  CHECK(ago(then, then + 400 * day) == "1 year, 1 month ago");
  CHECK(ago(then, then + 800 * day) == "2 years, 2 months ago");
  CHECK(ago(then, then + 3650 * day) == "10 years ago");
}
