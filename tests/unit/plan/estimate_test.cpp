#include "plan/estimate.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <string>

using namespace gitplan;

TEST_CASE("durations are read as people write them") {
  struct Example {
    const char* text;
    double seconds;
  };
  for (const Example& example : std::initializer_list<Example>{{"8 minutes", 480},
                                                               {"8 min", 480},
                                                               {"8", 480},
                                                               {"1h 30m", 5400},
                                                               {"1h30m", 5400},
                                                               {"1h30", 5400},
                                                               {"90s", 90},
                                                               {"1.5 hours", 5400},
                                                               {"PT8M", 480},
                                                               {"pt1h30m", 5400},
                                                               {"P1DT2H", 93600},
                                                               {"P2W", 1209600},
                                                               {"PT1.5H", 5400},
                                                               {"2 days", 172800},
                                                               {"1 Hour, 30 Minutes", 5400},
                                                               {"1 hour and 30 minutes", 5400},
                                                               {"~8 min", 480},
                                                               {"~ 8", 480},
                                                               {"about 8 minutes", 480},
                                                               {"ABOUT 1H", 3600},
                                                               {" 8\tmin ", 480},
                                                               {"0", 0},
                                                               {"0 s", 0},
                                                               {"366 days", 366 * 86400},
                                                               {"1 week", 604800},
                                                               {"45 secs", 45},
                                                               {"007 min", 420}}) {
    CAPTURE(example.text);
    const auto seconds = parse_duration(example.text);
    REQUIRE(seconds);
    CHECK(*seconds == Approx(example.seconds));
  }
}

TEST_CASE("what is no duration is none") {
  for (const char* text : {"",
                           " ",
                           "~",
                           "about",
                           "soon",
                           "-5 min",
                           "+5 min",
                           "5 - 10 min",
                           "5-10 minutes",
                           "367 days",
                           "1e3",
                           "inf",
                           "nan",
                           "0x10",
                           "1.5.2 h",
                           ".5 h",
                           "5. h",
                           "5 parsecs",
                           "min",
                           "1m 1h",
                           "1h 1h",
                           "PT",
                           "P",
                           "P1H",
                           "PT1D",
                           "PT1M1H",
                           "1h,",
                           "1h and",
                           "5 min ago",
                           "8 minutes\n9",
                           "99999999999999999999999999999999999999",
                           "１０ min",
                           "1,5 h",
                           "30 30"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text));
  }
  CHECK_FALSE(parse_duration(std::string(100000, '9')));
  CHECK_FALSE(parse_duration(std::string_view("8\0 min", 6)));
}

TEST_CASE("any bytes are a duration between 0 and 366 days, or none") {
  std::mt19937 random(8);
  const std::string alphabet = "0123456789.,hmsdwPT ~about-\x80";
  std::uniform_int_distribution<std::size_t> pick(0, alphabet.size() - 1);
  for (int i = 0; i < 50000; ++i) {
    std::string text;
    for (std::size_t n = pick(random) % 12; n > 0; --n) text += alphabet[pick(random)];
    const auto seconds = parse_duration(text);
    CAPTURE(text);
    if (seconds) REQUIRE((*seconds >= 0 && *seconds <= 366 * 86400));
  }
}

TEST_CASE("minutes are shown short") {
  CHECK(format_minutes(45) == "45 min");
  CHECK(format_minutes(90) == "1 h 30 min");
  CHECK(format_minutes(120) == "2 h");
  CHECK(format_minutes(1.5) == "90 s");
  CHECK(format_minutes(0.5) == "30 s");
  CHECK(format_minutes(1) == "1 min");
  CHECK(format_minutes(0) == "0 s");
  CHECK(format_minutes(59.9) == "1 h");
  CHECK(format_minutes(12.4) == "12 min");
  CHECK(format_minutes(1440) == "24 h");
}

TEST_CASE("what is shown reads back as nearly the same time") {
  for (int seconds = 0; seconds < 200000; seconds += 7) {
    const auto back = parse_duration(format_minutes(seconds / 60.0));
    REQUIRE(back);
    CHECK(*back == Approx(seconds).margin(30.1));
  }
}
