// How long a plan takes: critical path, slack and makespan.
#pragma once

#include <span>
#include <vector>

#include "schedule/waves.hpp"

namespace gitplan::schedule {

/// Minutes of each task, from Task::estimated_time; 0 where there is none or it cannot be read.
struct Estimates {
  std::vector<double> minutes;
  int unestimated = 0;  ///< how many have none
};
Estimates read_estimates(const Plan& plan);

/// Each task's predecessors: its depends_on, and for each precondition the provider of the lowest
/// wave (then smallest id). Unreachable tasks have none and are nobody's.
std::vector<std::vector<TaskIndex>> chosen_predecessors(const Graph& graph, const Waves& waves);

/// Critical path method (Kelley and Walker 1959) on the chosen predecessors.
struct CriticalPath {
  std::vector<double>
      remaining;  ///< per task: its own minutes plus the longest chain of successors
  std::vector<TaskIndex>
      path;            ///< one longest chain, first to last; ties by smaller id; empty plan: empty
  double minutes = 0;  ///< the length of `path`
};
CriticalPath critical_path(const Graph& graph, const Waves& waves, const Estimates& estimates);

/// Best first: higher priority, then longer remaining critical path, then smaller id.
bool better(const Plan& plan, const CriticalPath& path, TaskIndex a, TaskIndex b);

/// List scheduling (Graham 1966) in that order on `workers` workers, of all reachable tasks,
/// progress left aside; files are not considered. Minutes. workers >= 1.
double makespan(const Graph& graph, const Waves& waves, const Estimates& estimates,
                const CriticalPath& path, int workers);

}  // namespace gitplan::schedule
