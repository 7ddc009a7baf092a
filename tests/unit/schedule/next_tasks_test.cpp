#include <catch2/catch.hpp>

#include "schedule/overlap.hpp"
#include "schedule/ready.hpp"
#include "unit/schedule/plans.hpp"

using namespace gitplan;
using namespace gitplan::schedule;
using namespace gitplan::schedule::tests;

namespace {

constexpr auto pending = Status::pending;
constexpr auto in_progress = Status::in_progress;
constexpr auto completed = Status::completed;

CriticalPath path_of(const Graph& graph) {
  return critical_path(graph, compute_waves(graph), read_estimates(graph.plan()));
}

Next next(const Plan& plan, const Progress& progress, std::span<const Busy> busy = {},
          Overlapping overlapping = Overlapping::hold_back) {
  const Graph graph(plan, {});
  return next_tasks(graph, progress, path_of(graph), busy, overlapping);
}

}  // namespace

TEST_CASE("next lists free tasks, then ready ones, each best first") {
  Plan plan = plan_of({task("001", {}, {}), task("002", {}, {}), task("003", {}, {}),
                       task("004", {}, {}), task("005", {}, {})});
  plan.tasks[1].priority = Priority::critical;
  plan.tasks[4].priority = Priority::low;
  plan.tasks[3].estimated_time = "10";
  Progress progress = progress_of({pending, pending, in_progress, pending, in_progress});
  progress.free[4] = true;
  CHECK(next(plan, progress).tasks == Tasks{4, 1, 3, 0});
}

TEST_CASE("tasks that overlap with busy work are held back, and told by whom") {
  const Plan plan = authentication();
  const std::vector<Busy> busy = {{"session-x/007", {"services/*.py", "README.md"}}};
  const Progress progress = progress_of({completed, pending, pending, pending, pending});
  const Next found = next(plan, progress, busy);
  CHECK(found.tasks.empty());
  REQUIRE(found.held_back.size() == 2);
  CHECK(found.held_back[0].task == 2);
  CHECK(found.held_back[0].by == "session-x/007");
  CHECK(found.held_back[1].files == Names{"services/auth.py"});
  const Next allowed = next(plan, progress, busy, Overlapping::allow);
  CHECK(allowed.tasks == Tasks{2, 1});
  CHECK(allowed.held_back.empty());
}

TEST_CASE("free tasks of other plans hold back ready ones, but no free one") {
  Plan plan = plan_of({task("001", {}, {}), task("002", {}, {})});
  plan.tasks[0].files = plan.tasks[1].files = {"a.c"};
  Progress progress = progress_of({in_progress, pending});
  progress.free[0] = true;
  const std::vector<Busy> nobody = {{"x/001", {"a.c"}, true}};
  CHECK(next(plan, progress, nobody).tasks == Tasks{0});
  const std::vector<Busy> somebody = {{"x/001", {"a.c"}, false}};
  CHECK(next(plan, progress, somebody).tasks.empty());
  const Next ready = next(plan, progress_of({completed, pending}), nobody);
  CHECK(ready.tasks.empty());
  REQUIRE(ready.held_back.size() == 1);
  CHECK(ready.held_back[0].by == "x/001");
}

TEST_CASE("of ready tasks that overlap the best one starts") {
  Plan plan = plan_of({task("001", {}, {}), task("002", {}, {}), task("003", {}, {})});
  plan.tasks[0].files = {"src/a.c"};
  plan.tasks[1].files = {"src/"};
  plan.tasks[1].priority = Priority::high;
  plan.tasks[2].files = {"docs/x.md"};
  const Next found = next(plan, nothing_done(plan));
  CHECK(found.tasks == Tasks{1, 2});
  REQUIRE(found.held_back.size() == 1);
  CHECK(found.held_back[0].task == 0);
  CHECK(found.held_back[0].by == "002");
  CHECK(found.held_back[0].files == Names{"src/a.c"});
}

TEST_CASE("a task that is held back holds back nobody, unless it is in progress") {
  Plan plan = plan_of({task("001", {}, {}), task("002", {}, {}), task("003", {}, {})});
  plan.tasks[0].files = {"a"};
  plan.tasks[1].files = {"a", "b"};
  plan.tasks[2].files = {"b"};
  CHECK(next(plan, nothing_done(plan)).tasks == Tasks{0, 2});

  Progress progress = progress_of({in_progress, in_progress, pending});
  progress.free = {true, true, false};
  const Next found = next(plan, progress);
  CHECK(found.tasks == Tasks{0});
  REQUIRE(found.held_back.size() == 2);
  CHECK(found.held_back[0].task == 1);
  CHECK(found.held_back[1].task == 2);
  CHECK(found.held_back[1].by == "002");
}

TEST_CASE("what next lists never overlaps, and what it holds back does") {
  Random random(32);
  std::size_t held_back = 0;
  for (int round = 0; round < 1500; ++round) {
    RandomPlan made = random_plan(random);
    const Names entries = {"a", "a/b.c", "a/*.c", "b", "**/b.c", "c.h", "*.h", "d/"};
    for (Task& task : made.plan.tasks) {
      for (std::size_t left = random.below(3); left > 0; --left) {
        task.files.push_back(entries[random.below(entries.size())]);
      }
    }
    const std::vector<Busy> busy = {{"x/001", {entries[random.below(entries.size())]}}};
    const Graph graph(made.plan, made.given);
    const Progress progress = random_progress(random, graph.size());
    const Next found = next_tasks(graph, progress, path_of(graph), busy, Overlapping::hold_back);
    const auto files = [&](TaskIndex task) -> const Names& { return made.plan.tasks[task].files; };
    for (std::size_t i = 0; i < found.tasks.size(); ++i) {
      CHECK(overlapping(files(found.tasks[i]), busy[0].files).empty());
      for (std::size_t j = 0; j < i; ++j) {
        CHECK(overlapping(files(found.tasks[i]), files(found.tasks[j])).empty());
      }
    }
    for (const HeldBack& waiting : found.held_back) CHECK_FALSE(waiting.files.empty());
    const Next all = next_tasks(graph, progress, path_of(graph), busy, Overlapping::allow);
    CHECK(all.tasks.size() == found.tasks.size() + found.held_back.size());
    held_back += found.held_back.size();
  }
  CHECK(held_back > 200);
}
