// Random histories of machines that share one remote: see cluster.hpp for what must hold.
#include <catch2/catch.hpp>

#include "base/text.hpp"
#include "unit/remote/cluster.hpp"

using namespace gitplan;
using namespace gitplan::remote::tests;

namespace {

void play_many(unsigned first_seed, unsigned count, Story story) {
  for (unsigned seed = first_seed; seed < first_seed + count; ++seed) {
    story.seed = seed;
    story.machines = 2 + static_cast<int>(seed % 3);
    story.tasks = 2 + static_cast<int>(seed % 5);
    const auto faults = Cluster(story).play();
    INFO("seed " << seed);
    REQUIRE(text::join(faults, "; ") == "");
  }
}

const Faults everything{4, 8, 4, 8, 6, 4, 3};

}  // namespace

TEST_CASE("where nothing goes wrong all tasks land, each once, none beside one that it overlaps") {
  play_many(1, 100, {});
}

TEST_CASE("the same with lost answers, late pushes, torn reads, half pushes and kills") {
  Story story;
  story.faults = everything;
  play_many(1001, 500, story);
}

TEST_CASE("the same where machines die for ever, and others take over") {
  Story story;
  story.faults = everything;
  story.dies = 4;
  play_many(3001, 200, story);
}

TEST_CASE("the same where a lease runs out while its holder lives") {
  Story story;
  story.faults = everything;
  story.takes_over_early = true;
  play_many(5001, 300, story);
}

TEST_CASE("the same where people merge by plain git") {
  Story story;
  story.faults = everything;
  story.hand_merges = 5;
  story.takes_over_early = true;
  play_many(7001, 200, story);
}

TEST_CASE("claims that do not move beat let overlapping tasks run at once") {
  Story story;
  story.binds_claims = false;
  bool is_seen = false;
  for (story.seed = 1; story.seed < 300 && !is_seen; ++story.seed) {
    const auto faults = Cluster(story).play();
    is_seen = std::ranges::find(faults, "tasks that overlap are both claimed") != faults.end();
  }
  CHECK(is_seen);
}
