#include <catch2/catch.hpp>

#include "schedule/ready.hpp"
#include "unit/schedule/plans.hpp"

using namespace gitplan;
using namespace gitplan::schedule;
using namespace gitplan::schedule::tests;

namespace {

constexpr auto pending = Status::pending;
constexpr auto in_progress = Status::in_progress;
constexpr auto completed = Status::completed;
constexpr auto failed = Status::failed;
constexpr auto cancelled = Status::cancelled;

}  // namespace

TEST_CASE("a plan's state says whether something can start, runs, or is stuck") {
  const Plan plan = authentication();
  const Graph graph(plan, {});
  const auto state = [&](std::vector<Status> status) {
    return to_string(plan_state(graph, progress_of(std::move(status))));
  };
  CHECK(state({pending, pending, pending, pending, pending}) == "ready");
  CHECK(state({in_progress, pending, pending, pending, pending}) == "running");
  CHECK(state({completed, completed, in_progress, pending, pending}) == "running");
  CHECK(state({completed, in_progress, pending, pending, pending}) == "ready");
  CHECK(state({failed, pending, pending, pending, pending}) == "stuck");
  CHECK(state({completed, completed, completed, failed, completed}) == "stuck");
  CHECK(state({completed, completed, completed, completed, completed}) == "completed");
  CHECK(state({completed, completed, completed, cancelled, cancelled}) == "completed");
}

TEST_CASE("a plan without tasks is stuck") {
  const Plan plan;
  const Graph graph(plan, {});
  CHECK(plan_state(graph, {}) == State::stuck);
  CHECK(stuck_reason(graph, {}) == "the plan has no tasks");
}

TEST_CASE("a stuck plan says why") {
  const Plan plan = authentication();
  const Graph graph(plan, {});
  const auto why = [&](std::vector<Status> status) {
    return stuck_reason(graph, progress_of(std::move(status)));
  };
  CHECK(why({pending, pending, pending, pending, pending}).empty());
  CHECK(why({failed, pending, pending, pending, pending}) ==
        "task 001 failed and 002, 003, 004, 005 wait for it");
  CHECK(why({completed, completed, failed, completed, pending}) ==
        "task 003 failed and 005 waits for it");
  CHECK(why({completed, failed, failed, pending, pending}) ==
        "tasks 002, 003 failed and 004, 005 wait for them");
  CHECK(why({completed, completed, completed, failed, completed}) == "task 004 failed");
  CHECK(why({completed, completed, cancelled, pending, cancelled}) ==
        "task 003 was cancelled and 004 waits for it");
}

TEST_CASE("a plan may be stuck without a failure") {
  const auto why = [](const Plan& plan) {
    return stuck_reason(Graph(plan, {}), nothing_done(plan));
  };
  CHECK(why(plan_of({task("001", {"Redis"}, {})})) ==
        "task 001 waits for 'Redis', which no task provides");
  CHECK(why(plan_of({task("001", {}, {}, {"9"})})) ==
        "task 001 depends on '9', which is not in the plan");
  CHECK(why(plan_of({task("001", {"x"}, {}), task("002", {}, {"x"}, {"1"})})) ==
        "tasks 001 -> 002 -> 001 form a cycle");
}

TEST_CASE("a capability that a completed task provides too is not waited for") {
  const Plan plan = plan_of({task("001", {}, {"x"}), task("002", {}, {"x"}),
                             task("003", {"x", "y"}, {}), task("004", {}, {"y"})});
  const Graph graph(plan, {});
  CHECK(stuck_reason(graph, progress_of({completed, failed, pending, cancelled})) ==
        "task 002 failed");
  CHECK(stuck_reason(graph, progress_of({completed, cancelled, pending, cancelled})) ==
        "task 004 was cancelled and 003 waits for it");
  CHECK(stuck_reason(graph, progress_of({completed, completed, pending, failed})) ==
        "task 004 failed and 003 waits for it");
}

TEST_CASE("there is a reason exactly where a plan is stuck") {
  Random random(33);
  int stuck = 0;
  for (int round = 0; round < 3000; ++round) {
    const RandomPlan made = random_plan(random);
    const Graph graph(made.plan, made.given);
    const Progress progress = random_progress(random, graph.size());
    const std::string reason = stuck_reason(graph, progress);
    const bool is_stuck = plan_state(graph, progress) == State::stuck;
    REQUIRE(reason.empty() != is_stuck);
    REQUIRE(reason != "no task can start");
    stuck += is_stuck ? 1 : 0;
  }
  CHECK(stuck > 300);
}
