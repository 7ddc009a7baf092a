// Random histories: see world.hpp for what is required at each step.
#include <catch2/catch.hpp>

#include "unit/landing/world.hpp"

using namespace gitplan::landing;
using namespace gitplan::landing::tests;

namespace {

void play_many(unsigned first_seed, unsigned count, const Odds& odds) {
  for (unsigned seed = first_seed; seed < first_seed + count; ++seed) {
    QueuePolicy policy;
    policy.jobs = 1 + static_cast<int>(seed % 4);
    policy.batch = static_cast<int>(seed / 4 % 4);
    policy.retries = seed % 7 == 0 ? 0 : 1;
    if (seed % 11 == 0) policy.verification = QueuePolicy::Verification::none;
    const int tasks = 1 + static_cast<int>(seed % 23);
    INFO("seed " << seed);
    World world(seed, policy, odds);
    world.play(tasks);
    REQUIRE(world.is_settled());
    for (int number = 0; number < tasks; ++number) REQUIRE(world.has(number));
  }
}

}  // namespace

TEST_CASE("all that is good lands, nothing bad does, only the guilty are blamed, and it ends") {
  play_many(1, 700, {});
}

TEST_CASE("with flaky verifications too, but for who is blamed") {
  Odds odds;
  odds.flaky = 20;
  play_many(5001, 400, odds);
}

TEST_CASE("in repositories full of conflicts and of people") {
  Odds odds;
  odds.conflict = 40;
  odds.disturbance = 50;
  odds.foreign_bad = 50;
  play_many(9001, 400, odds);
}
