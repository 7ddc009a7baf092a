#include "chaos/story.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>

#include "chaos/actions.hpp"

namespace chaos {
namespace {

const std::vector<Weight> two{{"often", 9}, {"seldom", 1}};

TEST_CASE("a seed is one story, and another seed another") {
  CHECK(make_story(7, 30, two) == make_story(7, 30, two));
  CHECK(make_story(7, 30, two) != make_story(8, 30, two));
  CHECK(make_story(7, 30, two).size() == 30);
}

TEST_CASE("actions stand in stories as often as they weigh") {
  int often = 0;
  for (const Step& step : make_story(1, 1000, two)) often += step.action == "often" ? 1 : 0;
  CHECK(often > 850);
  CHECK(often < 950);
}

TEST_CASE("a story is read as it is written") {
  const Story story = make_story(3, 12, weights());
  CHECK(parse(format(story)) == story);
  CHECK(parse("  ").empty());
  CHECK_THROWS_AS(parse("write"), std::invalid_argument);
  CHECK_THROWS_AS(parse("write:1x"), std::invalid_argument);
}

TEST_CASE("each action has a name of its own and something to do") {
  for (const Action& action : actions()) {
    CAPTURE(action.name);
    CHECK(find_action(action.name) == &action);
    CHECK(action.weight > 0);
    CHECK(action.command.empty() == (action.by_hand != nullptr));
  }
  CHECK(find_action("no such action") == nullptr);
}

}  // namespace
}  // namespace chaos
