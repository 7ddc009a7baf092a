// A plan with all that the scheduler makes of it.
#pragma once

#include "schedule/critical_path.hpp"
#include "unit/schedule/plans.hpp"

namespace gitplan::schedule::tests {

using Lists = std::vector<std::vector<TaskIndex>>;

struct Scheduled {
  explicit Scheduled(const Plan& plan, const Names& given = {})
      : graph(plan, given),
        waves(compute_waves(graph)),
        estimates(read_estimates(plan)),
        path(critical_path(graph, waves, estimates)) {}

  [[nodiscard]] double makespan(int workers) const {
    return schedule::makespan(graph, waves, estimates, path, workers);
  }

  Graph graph;
  Waves waves;
  Estimates estimates;
  CriticalPath path;
};

}  // namespace gitplan::schedule::tests
