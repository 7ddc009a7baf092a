#include <catch2/catch.hpp>

#include "unit/schedule/oracle.hpp"
#include "unit/schedule/scheduled.hpp"

using namespace gitplan;
using namespace gitplan::schedule;
using namespace gitplan::schedule::tests;

TEST_CASE("the makespan is that of a minute by minute simulation, within the bounds of theory") {
  Random random(14);
  for (int round = 0; round < 1500; ++round) {
    const RandomPlan made = random_plan(random);
    const Scheduled all(made.plan, made.given);
    double work = 0;
    for (TaskIndex task = 0; task < all.graph.size(); ++task) {
      if (all.waves.wave_of[task] > 0) work += all.estimates.minutes[task];
    }
    for (const int workers : {1, 2, 3}) {
      const double minutes = all.makespan(workers);
      REQUIRE(minutes == makespan_by_the_minute(made, all, workers));
      CHECK(minutes >= all.path.minutes);
      CHECK(minutes * workers >= work);
      // Graham's bound on list scheduling.
      CHECK(minutes * workers <= work + (workers - 1) * all.path.minutes + 1e-9);
    }
    CHECK(all.makespan(1) == work);
    CHECK(all.makespan(100) == all.path.minutes);
  }
}

TEST_CASE("a task of no minutes is done before the next one is chosen") {
  Plan plan = plan_of({task("001", {}, {"a"}), task("002", {}, {}), task("003", {"a"}, {}),
                       task("004", {"a"}, {}), task("005", {}, {}, {"004"})});
  for (Task& one : plan.tasks) {
    one.estimated_time = one.id == "001" ? "0" : "7";
    one.priority = one.id == "002" ? Priority::low : Priority::critical;
  }
  CHECK(Scheduled(plan).makespan(2) == 14);  // 003 and 004, then 005 and 002
}
