#include "schedule/critical_path.hpp"

#include <catch2/catch.hpp>

#include "schedule/best_first.hpp"
#include "unit/schedule/oracle.hpp"
#include "unit/schedule/scheduled.hpp"

using namespace gitplan;
using namespace gitplan::schedule;
using namespace gitplan::schedule::tests;

TEST_CASE("the first plan takes 30 minutes at least: 001, 003, 004") {
  const Plan plan = authentication();
  const Scheduled all(plan);
  CHECK(all.path.minutes == 30);
  CHECK(all.path.path == Tasks{0, 2, 3});
  CHECK(all.path.remaining == std::vector<double>{30, 20, 22, 10, 10});
  CHECK(all.makespan(3) == 30);
  CHECK(all.makespan(1) == 50);
  CHECK(all.makespan(1'000'000'000) == 30);
}

TEST_CASE("a task without an estimate counts 0 minutes, and is counted") {
  Plan plan = authentication();
  plan.tasks[0].estimated_time.reset();
  plan.tasks[1].estimated_time = "soon";
  const Estimates estimates = read_estimates(plan);
  CHECK(estimates.unestimated == 2);
  CHECK(estimates.minutes == std::vector<double>{0, 0, 12, 10, 10});
}

TEST_CASE("a plan without estimates still has a path from first to last") {
  const Plan plan =
      plan_of({task("001", {}, {}), task("002", {}, {}, {"1"}), task("003", {}, {}, {"2"})});
  const Scheduled all(plan);
  CHECK(all.path.path == Tasks{0, 1, 2});
  CHECK(all.path.minutes == 0);
  CHECK(all.makespan(2) == 0);
}

TEST_CASE("a plan without tasks takes no time") {
  const Plan plan;
  const Scheduled all(plan);
  CHECK(all.path.path.empty());
  CHECK(all.makespan(3) == 0);
}

TEST_CASE("unreachable tasks count in no chain and in no makespan") {
  Plan plan = plan_of({task("001", {}, {}), task("002", {"nobody"}, {}, {"1"})});
  plan.tasks[0].estimated_time = "5";
  plan.tasks[1].estimated_time = "60";
  const Scheduled all(plan);
  CHECK(all.path.remaining == std::vector<double>{5, 60});
  CHECK(all.path.minutes == 5);
  CHECK(all.makespan(2) == 5);
}

TEST_CASE("better means higher priority, then longer remaining path, then smaller id") {
  Plan plan = plan_of({task("010", {}, {}), task("002", {}, {}), task("003", {}, {}),
                       task("004", {}, {}), task("005", {}, {}, {"3"})});
  plan.tasks[0].priority = Priority::high;
  plan.tasks[2].estimated_time = "1";
  plan.tasks[4].priority = Priority::low;
  const Scheduled all(plan);
  Tasks order = {4, 3, 2, 1, 0};
  sort_best_first(all.graph, all.path, order);
  CHECK(order == Tasks{0, 2, 1, 3, 4});
  CHECK(better(plan, all.path, 0, 2));
  CHECK(better(plan, all.path, 2, 1));
  CHECK(better(plan, all.path, 1, 3));
  CHECK_FALSE(better(plan, all.path, 1, 1));
}

TEST_CASE("ids compare as numbers: 2 before 010, and what is no number last") {
  const Plan plan =
      plan_of({task("x", {}, {}), task("010", {}, {}), task("2", {}, {}), task("a", {}, {})});
  const Scheduled all(plan);
  Tasks order = {0, 1, 2, 3};
  sort_best_first(all.graph, all.path, order);
  CHECK(order == Tasks{2, 1, 3, 0});
}

TEST_CASE("predecessors are those of the definition") {
  Random random(11);
  for (int round = 0; round < 1500; ++round) {
    const RandomPlan made = random_plan(random);
    const Scheduled all(made.plan, made.given);
    const Lists lists = chosen_predecessors(all.graph, all.waves);
    for (TaskIndex task = 0; task < lists.size(); ++task) {
      const std::set<TaskIndex> expected = predecessors_by_definition(made, task);
      REQUIRE(std::set<TaskIndex>(lists[task].begin(), lists[task].end()) == expected);
      REQUIRE(lists[task].size() == expected.size());
    }
  }
}

TEST_CASE("remaining paths are the longest chains, and the path is one of that length") {
  Random random(12);
  for (int round = 0; round < 1500; ++round) {
    const RandomPlan made = random_plan(random);
    const Scheduled all(made.plan, made.given);
    const Lists predecessors = chosen_predecessors(all.graph, all.waves);
    double longest = 0;
    for (TaskIndex task = 0; task < all.graph.size(); ++task) {
      REQUIRE(all.path.remaining[task] == longest_chain_from(predecessors, all.estimates, task));
      if (all.waves.wave_of[task] > 0) longest = std::max(longest, all.path.remaining[task]);
    }
    CHECK(all.path.minutes == longest);
    double length = 0;
    for (std::size_t i = 0; i < all.path.path.size(); ++i) {
      const TaskIndex task = all.path.path[i];
      length += all.estimates.minutes[task];
      CHECK(all.waves.wave_of[task] > 0);
      if (i == 0) continue;
      const auto& before = predecessors[task];
      CHECK(std::find(before.begin(), before.end(), all.path.path[i - 1]) != before.end());
    }
    CHECK(length == longest);
  }
}

TEST_CASE("sorting best first is sorting by better") {
  Random random(13);
  for (int round = 0; round < 500; ++round) {
    const RandomPlan made = random_plan(random);
    const Scheduled all(made.plan, made.given);
    Tasks order;
    for (TaskIndex task = 0; task < made.plan.tasks.size(); ++task) order.push_back(task);
    Tasks expected = order;
    sort_best_first(all.graph, all.path, order);
    std::sort(expected.begin(), expected.end(),
              [&](TaskIndex a, TaskIndex b) { return better(made.plan, all.path, a, b); });
    REQUIRE(order == expected);
  }
}
