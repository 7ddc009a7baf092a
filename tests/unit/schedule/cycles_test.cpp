#include <catch2/catch.hpp>

#include "schedule/waves.hpp"
#include "unit/schedule/oracle.hpp"

using namespace gitplan;
using namespace gitplan::schedule;
using namespace gitplan::schedule::tests;

namespace {

using Cycles = std::vector<Tasks>;

Cycles cycles_of(const Plan& plan, const Names& given = {}) {
  const Graph graph(plan, given);
  return find_cycles(graph, compute_waves(graph));
}

}  // namespace

TEST_CASE("a plan that can be carried out has no cycle") {
  CHECK(cycles_of(authentication()).empty());
}

TEST_CASE("a cycle is named from its first task on, each task waiting for the next") {
  const Plan plan = plan_of({task("001", {}, {}), task("002", {"c"}, {"a"}),
                             task("003", {"a"}, {"b"}), task("004", {"b"}, {"c"})});
  CHECK(cycles_of(plan) == Cycles{{1, 3, 2, 1}});
}

TEST_CASE("depends_on and capabilities make cycles together") {
  const Plan plan = plan_of({task("001", {"x"}, {}), task("002", {}, {"x"}, {"1"})});
  CHECK(cycles_of(plan) == Cycles{{0, 1, 0}});
}

TEST_CASE("a cycle that another provider breaks is none") {
  Plan plan = plan_of({task("001", {"x"}, {"y"}), task("002", {"y"}, {"x"})});
  CHECK(cycles_of(plan) == Cycles{{0, 1, 0}});
  CHECK(cycles_of(plan, {"x"}).empty());
  plan.tasks.push_back(task("003", {}, {"y"}));
  CHECK(cycles_of(plan).empty());
}

TEST_CASE("a cycle that another provider breaks once its own need is met from outside is none") {
  const Plan plan = plan_of({task("001", {"x"}, {"y"}), task("002", {"y"}, {"x"}),
                             task("003", {"not there yet"}, {"x"})});
  CHECK(cycles_of(plan).empty());
}

TEST_CASE("a task that needs what only it provides is a cycle of one") {
  CHECK(cycles_of(plan_of({task("001", {"x"}, {"x"})})) == Cycles{{0, 0}});
  CHECK(cycles_of(plan_of({task("001", {}, {}, {"1"})})) == Cycles{{0, 0}});
  CHECK(cycles_of(plan_of({task("001", {"x"}, {"x"}), task("002", {}, {"x"})})).empty());
}

TEST_CASE("of each group of tasks one cycle is named, and a short one") {
  const Plan plan = plan_of({task("001", {}, {}, {"2", "3"}), task("002", {}, {}, {"3"}),
                             task("003", {}, {}, {"1"}), task("004", {}, {}, {"5"}),
                             task("005", {}, {}, {"4", "1"}), task("006", {}, {}, {"5"})});
  CHECK(cycles_of(plan) == Cycles{{0, 2, 0}, {3, 4, 3}});
}

TEST_CASE(
    "cycles are found if and only if outside help would not free every task, and they are real") {
  Random random(7);
  int cyclic = 0;
  for (int round = 0; round < 2000; ++round) {
    const RandomPlan made = random_plan(random);
    const Cycles cycles = cycles_of(made.plan, made.given);
    const RandomPlan helped = with_outside_help(made);
    const std::vector<int> wave_of = waves_by_running(helped);
    const bool blocked = std::find(wave_of.begin(), wave_of.end(), 0) != wave_of.end();
    REQUIRE(cycles.empty() != blocked);
    cyclic += blocked ? 1 : 0;

    std::set<TaskIndex> seen;
    for (const Tasks& cycle : cycles) {
      REQUIRE(cycle.size() >= 2);
      CHECK(cycle.front() == cycle.back());
      for (std::size_t i = 0; i + 1 < cycle.size(); ++i) {
        CHECK(waits_for(helped, cycle[i], cycle[i + 1]));
        CHECK(wave_of[cycle[i]] == 0);
        CHECK(seen.insert(cycle[i]).second);  // no task twice, in one cycle or in two
      }
    }
  }
  CHECK(cyclic > 100);
}

TEST_CASE(
    "many tasks that need and provide one capability are one short cycle, found in linear time") {
  Plan plan;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    plan.tasks.push_back(task(format_task_id(i), {"x"}, {"x"}));
  }
  CHECK(cycles_of(plan) == Cycles{{0, 0}});
}
