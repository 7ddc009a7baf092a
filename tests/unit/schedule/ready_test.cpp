#include "schedule/ready.hpp"

#include <catch2/catch.hpp>

#include "unit/schedule/oracle.hpp"

using namespace gitplan;
using namespace gitplan::schedule;
using namespace gitplan::schedule::tests;

namespace {

constexpr auto pending = Status::pending;
constexpr auto in_progress = Status::in_progress;
constexpr auto completed = Status::completed;
constexpr auto failed = Status::failed;
constexpr auto cancelled = Status::cancelled;

std::set<TaskIndex> done_tasks(const Progress& progress) {
  std::set<TaskIndex> done;
  for (TaskIndex task = 0; task < progress.status.size(); ++task) {
    if (progress.status[task] == completed) done.insert(task);
  }
  return done;
}

}  // namespace

TEST_CASE("available is what is given, then what completed tasks provide, each once") {
  const Plan plan = authentication();
  const Names given = {"Flask app", "JWT  tokens"};
  const Graph graph(plan, given);
  CHECK(available(graph, given, nothing_done(plan)) == given);
  const Progress progress = progress_of({completed, in_progress, completed, pending, pending});
  CHECK(available(graph, given, progress) ==
        Names{"Flask app", "JWT  tokens", "User model class", "User.verify_password"});
}

TEST_CASE("tasks become ready as their preconditions become available") {
  const Plan plan = authentication();
  const Graph graph(plan, {});
  CHECK(ready_tasks(graph, nothing_done(plan)) ==
        std::vector<bool>{true, false, false, false, false});
  CHECK(ready_tasks(graph, progress_of({completed, pending, pending, pending, pending})) ==
        std::vector<bool>{false, true, true, false, false});
  CHECK(ready_tasks(graph, progress_of({completed, completed, in_progress, pending, pending})) ==
        std::vector<bool>(5));
}

TEST_CASE(
    "a blocked task names each precondition with its providers, and each task by the plan's id") {
  Plan plan = authentication();
  plan.tasks[4].depends_on = {"1", "77"};
  plan.tasks[4].preconditions.push_back("Redis  cache");
  const Graph graph(plan, {});
  const auto blockers =
      blocked_by(graph, progress_of({pending, completed, pending, pending, pending}), 4);
  REQUIRE(blockers.size() == 4);
  CHECK(blockers[0].kind == Blocker::Kind::precondition);
  CHECK(blockers[0].name == "JWT tokens");
  CHECK(blockers[0].provided_by == Tasks{2});
  CHECK(blockers[1].name == "Redis  cache");
  CHECK(blockers[1].provided_by.empty());
  CHECK(blockers[2].kind == Blocker::Kind::task);
  CHECK(blockers[2].name == "001");
  CHECK(blockers[2].provided_by == Tasks{0});
  CHECK(blockers[3].name == "77");
  CHECK(blockers[3].provided_by.empty());
}

TEST_CASE("nobody waits for himself where somebody else provides it") {
  const Plan plan = plan_of({task("001", {"X"}, {"X"}), task("002", {}, {"X"})});
  const Graph graph(plan, {});
  const auto blockers = blocked_by(graph, progress_of({pending, pending}), 0);
  REQUIRE(blockers.size() == 1);
  CHECK(blockers[0].provided_by == Tasks{1});
}

TEST_CASE("a failed or cancelled task still blocks those that depend on it") {
  const Plan plan =
      plan_of({task("001", {}, {"x"}), task("002", {"x"}, {}), task("003", {}, {}, {"1"})});
  const Graph graph(plan, {});
  for (const Status status : {failed, cancelled, in_progress, pending}) {
    const Progress progress = progress_of({status, pending, pending});
    CHECK_FALSE(is_ready(graph, progress, 1));
    CHECK_FALSE(is_ready(graph, progress, 2));
  }
  CHECK(is_ready(graph, progress_of({completed, pending, pending}), 1));
}

TEST_CASE("ready is what the definition says, for one task and for all") {
  Random random(31);
  for (int round = 0; round < 3000; ++round) {
    const RandomPlan made = random_plan(random);
    const Graph graph(made.plan, made.given);
    const Progress progress = random_progress(random, graph.size());
    const std::vector<bool> ready = ready_tasks(graph, progress);
    for (TaskIndex task = 0; task < graph.size(); ++task) {
      const bool unblocked = can_start(made, done_tasks(progress), task);
      REQUIRE(blocked_by(graph, progress, task).empty() == unblocked);
      REQUIRE(ready[task] == (unblocked && progress.status[task] == pending));
      REQUIRE(is_ready(graph, progress, task) == ready[task]);
    }
  }
}
