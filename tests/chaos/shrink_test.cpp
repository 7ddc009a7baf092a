#include "chaos/shrink.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

namespace chaos {
namespace {

Story numbered(std::size_t count) {
  Story story;
  for (std::size_t i = 0; i < count; ++i) story.push_back({"step", i});
  return story;
}

bool has(const Story& story, std::uint64_t seed) {
  return std::find(story.begin(), story.end(), Step{"step", seed}) != story.end();
}

TEST_CASE("what is not needed for the fault goes, in order stays what is") {
  const auto needs_three = [](const Story& story) {
    return has(story, 3) && has(story, 17) && has(story, 39);
  };
  CHECK(shrink(numbered(40), needs_three, 1000) == Story{{"step", 3}, {"step", 17}, {"step", 39}});
}

TEST_CASE("a story of which all is needed stays") {
  const auto needs_all = [](const Story& story) { return story.size() == 5; };
  CHECK(shrink(numbered(5), needs_all, 1000) == numbered(5));
}

TEST_CASE("the tries are bounded, and what is left still goes wrong") {
  int tries = 0;
  const auto needs_last = [&](const Story& story) {
    ++tries;
    return has(story, 63);
  };
  const Story left = shrink(numbered(64), needs_last, 4);
  CHECK(tries == 4);
  CHECK(has(left, 63));
}

}  // namespace
}  // namespace chaos
