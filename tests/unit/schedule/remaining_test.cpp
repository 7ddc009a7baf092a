#include "schedule/remaining.hpp"

#include <catch2/catch.hpp>

#include "unit/schedule/oracle.hpp"
#include "unit/schedule/scheduled.hpp"

using namespace gitplan;
using namespace gitplan::schedule;
using namespace gitplan::schedule::tests;

namespace {

struct Remaining {
  Remaining(const Scheduled& of, std::vector<Status> statuses)
      : all(&of),
        status(std::move(statuses)),
        path(remaining_path(of.graph, of.waves, of.estimates, status)) {}

  [[nodiscard]] double makespan(int workers) const {
    return remaining_makespan(all->graph, all->waves, all->estimates, path, status, workers);
  }

  const Scheduled* all;
  std::vector<Status> status;
  CriticalPath path;
};

}  // namespace

TEST_CASE("what is over is in no path, and takes no time") {
  const Plan plan = authentication();
  const Scheduled all(plan);
  using enum Status;
  const Remaining begun(all, {completed, in_progress, pending, pending, pending});
  CHECK(begun.path.path == Tasks{2, 3});
  CHECK(begun.path.minutes == 22);
  CHECK(begun.makespan(3) == 22);
  CHECK(begun.makespan(1) == 42);
  const Remaining late(all, {completed, completed, completed, cancelled, pending});
  CHECK(late.path.path == Tasks{4});
  CHECK(late.makespan(3) == 10);
  const Remaining done(all, std::vector<Status>(5, completed));
  CHECK(done.path.path.empty());
  CHECK(done.makespan(3) == 0);
}

TEST_CASE("who waits for a completed task waits for nobody before it") {
  // 003 needs 002 needs 001, and 002 was completed out of turn.
  Plan plan = plan_of({task("001", {}, {"a"}), task("002", {"a"}, {"b"}), task("003", {"b"}, {})});
  for (Task& one : plan.tasks) one.estimated_time = "5 minutes";
  const Scheduled all(plan);
  const Remaining rest(all, {Status::pending, Status::completed, Status::pending});
  CHECK(rest.path.minutes == 5);
  CHECK(rest.makespan(2) == 5);
  CHECK(rest.makespan(1) == 10);
}

TEST_CASE("a capability that one completed task provides is waited for no more") {
  Plan plan = plan_of({task("001", {}, {"a"}), task("002", {}, {"a"}), task("003", {"a"}, {})});
  for (Task& one : plan.tasks) one.estimated_time = "5 minutes";
  const Scheduled all(plan);
  CHECK(Remaining(all, {Status::pending, Status::completed, Status::pending}).makespan(2) == 5);
  // The provider that would do was given up: the other one is waited for.
  CHECK(Remaining(all, {Status::cancelled, Status::pending, Status::pending}).makespan(2) == 10);
}

TEST_CASE("the rest of a plan takes what its open tasks take, within the bounds of theory") {
  Random random(15);
  for (int round = 0; round < 1000; ++round) {
    const RandomPlan made = random_plan(random);
    const Scheduled all(made.plan, made.given);
    std::vector<Status> status;
    double work = 0;
    for (TaskIndex task = 0; task < all.graph.size(); ++task) {
      status.push_back(static_cast<Status>(random.below(5)));
      if (all.waves.wave_of[task] > 0 && !is_over(status.back()))
        work += all.estimates.minutes[task];
    }
    const Remaining rest(all, status);
    CHECK(rest.makespan(1) == work);
    CHECK(rest.makespan(100) == rest.path.minutes);
    CHECK(rest.makespan(2) * 2 <= work + rest.path.minutes + 1e-9);
    for (const TaskIndex task : rest.path.path) CHECK(!is_over(status[task]));
    const Remaining untouched(all, std::vector<Status>(status.size(), Status::pending));
    CHECK(untouched.path.path == all.path.path);
    CHECK(untouched.makespan(3) == all.makespan(3));
  }
}
