#include "agents/not_now.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "base/error.hpp"

namespace gitplan::agents {
namespace {

constexpr Seconds now = 1741089600;

std::optional<NotNow> ends(int exit_status, const std::vector<std::string>& lines,
                           const Pattern* pattern = nullptr,
                           std::optional<std::string> named = std::nullopt) {
  return not_now({exit_status, lines, std::move(named), now}, pattern);
}

TEST_CASE("exit status 75 says so, and others with output that matches") {
  const Pattern pattern("usage limit reached");
  CHECK(ends(75, {}));
  CHECK(ends(1, {"x", "Error: usage limit reached", "bye"}, &pattern));
  CHECK_FALSE(ends(1, {"x"}, &pattern));
  CHECK_FALSE(ends(0, {"usage limit reached"}, &pattern));
  CHECK_FALSE(ends(1, {"usage limit reached"}));
}

TEST_CASE("the time comes from the file, or else from the first group") {
  const Pattern pattern(R"(limit reached\|([0-9]+))");
  CHECK(ends(1, {"limit reached|1741100400"}, &pattern)->until == 1741100400);
  CHECK(ends(1, {"limit reached|1741100400"}, &pattern, "10 minutes")->until == now + 600);
  CHECK(ends(1, {"limit reached|1741100400"}, &pattern, " \n")->until == 1741100400);
  CHECK(ends(75, {}, &pattern, "5h")->until == now + 5 * 3600);
  CHECK(ends(75, {"limit reached|5"}, &pattern)->until == now + 300);
}

TEST_CASE("the last line that matches counts, also where the group is not there") {
  const Pattern pattern("limit( until ([0-9:]+))?");
  CHECK(ends(1, {"limit until 15:00", "limit"}, &pattern) == NotNow{});
  CHECK(ends(1, {"limit", "limit until 15:00"}, &pattern)->unread == "until 15:00");
}

TEST_CASE("of several groups the first that is part of the match counts") {
  const Pattern pattern("limit, resets ([0-9a-z]+)|limit[|]([0-9]+)|limit");
  CHECK(ends(1, {"limit, resets 3h"}, &pattern)->until == now + 3 * 3600);
  CHECK(ends(1, {"limit|1741100400"}, &pattern)->until == 1741100400);
  CHECK(ends(1, {"limit"}, &pattern) == NotNow{});
}

TEST_CASE("what cannot be read is kept, to be said") {
  const auto word = ends(75, {}, nullptr, "when pigs fly");
  REQUIRE(word);
  CHECK_FALSE(word->until);
  CHECK(word->unread == "when pigs fly");
}

TEST_CASE("a pattern that does not compile is refused") {
  CHECK_THROWS_AS(Pattern("a("), Error);
  CHECK_THROWS_AS(Pattern("[a"), Error);
}

}  // namespace
}  // namespace gitplan::agents
