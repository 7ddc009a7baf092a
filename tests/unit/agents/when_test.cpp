#include "agents/when.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <ctime>

namespace gitplan::agents {
namespace {

struct Zone {
  explicit Zone(const char* name) {
    ::setenv("TZ", name, 1);
    ::tzset();
  }
  Zone(const Zone&) = delete;
  Zone& operator=(const Zone&) = delete;
  ~Zone() {
    ::unsetenv("TZ");
    ::tzset();
  }
};

Seconds at(std::string_view time) { return parse_rfc3339(time).value(); }

TEST_CASE("times are read in the ways that agents write them") {
  const Zone zone("UTC0");
  const Seconds now = at("2025-03-04T12:00:00Z");
  CHECK(parse_when("2025-03-04T15:00:00Z\n", now) == at("2025-03-04T15:00:00Z"));
  CHECK(parse_when("2025-03-04 15:00:00+01:00", now) == at("2025-03-04T14:00:00Z"));
  CHECK(parse_when("1741100400", now) == 1741100400);
  CHECK(parse_when("1741100400.5", now) == 1741100400);
  CHECK(parse_when("1741100400123", now) == 1741100400);
  CHECK(parse_when("5 hours", now) == now + 5 * 3600);
  CHECK(parse_when("90s", now) == now + 90);
  CHECK(parse_when("PT5H", now) == now + 5 * 3600);
  CHECK(parse_when("2h 30m", now) == now + 9000);
  CHECK(parse_when("45", now) == now + 45 * 60);
  CHECK(parse_when("15:04", now) == at("2025-03-04T15:04:00Z"));
  CHECK(parse_when("15:04:05", now) == at("2025-03-04T15:04:05Z"));
  CHECK(parse_when("3pm", now) == at("2025-03-04T15:00:00Z"));
  CHECK(parse_when("3:04 PM", now) == at("2025-03-04T15:04:00Z"));
  CHECK(parse_when("3 p.m.", now) == at("2025-03-04T15:00:00Z"));
  CHECK(parse_when("12am", now) == at("2025-03-05T00:00:00Z"));
  CHECK(parse_when("12pm", now) == now);
  CHECK(parse_when("24:00", now) == at("2025-03-05T00:00:00Z"));
}

TEST_CASE("of a time of day the next is meant, or one that has just passed") {
  const Zone zone("UTC0");
  CHECK(parse_when("11:50", at("2025-03-04T12:00:00Z")) == at("2025-03-04T11:50:00Z"));
  CHECK(parse_when("11:00", at("2025-03-04T12:00:00Z")) == at("2025-03-05T11:00:00Z"));
  CHECK(parse_when("23:55", at("2025-03-04T00:05:00Z")) == at("2025-03-03T23:55:00Z"));
  CHECK(parse_when("1am", at("2025-12-31T23:00:00Z")) == at("2026-01-01T01:00:00Z"));
}

TEST_CASE("a time of day is of the local zone, across its changes too") {
  const Zone zone("CET-1CEST,M3.5.0,M10.5.0/3");
  CHECK(parse_when("15:00", at("2025-07-01T12:00:00Z")) == at("2025-07-01T13:00:00Z"));
  CHECK(parse_when("3am", at("2025-03-29T22:00:00Z")) == at("2025-03-30T01:00:00Z"));
  CHECK(parse_when("6:00", at("2025-10-25T22:30:00Z")) == at("2025-10-26T05:00:00Z"));
}

TEST_CASE("anything else is no time") {
  const Zone zone("UTC0");
  for (const auto* text : {"", " ", "soon", "25:00", "3:7", "13pm", "0am", "3:60", "1e9", "-5",
                           "3 xm", "15:04:99", "1741100400x", "1741100400.x", "\x01"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_when(text, 1741089600));
  }
  CHECK_FALSE(parse_when(std::string(1000, '1'), 1741089600));
}

}  // namespace
}  // namespace gitplan::agents
