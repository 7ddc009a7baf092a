#include <catch2/catch.hpp>
#include <limits>

#include "unit/schedule/oracle.hpp"
#include "unit/schedule/scheduled.hpp"

using namespace gitplan;
using namespace gitplan::schedule;
using namespace gitplan::schedule::tests;

namespace {

/// List scheduling minute by minute; all estimates are whole minutes.
double makespan_by_the_minute(const RandomPlan& made, const Scheduled& all, int workers) {
  const Lists predecessors = chosen_predecessors(all.graph, all.waves);
  std::vector<double> end(made.plan.tasks.size(), std::numeric_limits<double>::infinity());
  std::set<TaskIndex> waiting;
  for (TaskIndex task = 0; task < end.size(); ++task) {
    if (all.waves.wave_of[task] > 0) waiting.insert(task);
  }
  double last = 0;
  for (double minute = 0; !waiting.empty(); ++minute) {
    for (bool started = true; started;) {
      started = false;
      std::optional<TaskIndex> best;
      int busy = 0;
      for (TaskIndex task = 0; task < end.size(); ++task) {
        if (!waiting.contains(task))
          busy += end[task] > minute && all.waves.wave_of[task] > 0 ? 1 : 0;
      }
      for (const TaskIndex task : waiting) {
        const bool ready = std::all_of(predecessors[task].begin(), predecessors[task].end(),
                                       [&](TaskIndex before) { return end[before] <= minute; });
        if (ready && (!best || better(made.plan, all.path, task, *best))) best = task;
      }
      if (!best || busy >= workers) continue;
      end[*best] = minute + all.estimates.minutes[*best];
      last = std::max(last, end[*best]);
      waiting.erase(*best);
      started = true;
    }
  }
  return last;
}

}  // namespace

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
