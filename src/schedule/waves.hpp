// Waves: the topological levels of the graph, progress left aside.
#pragma once

#include <string>
#include <vector>

#include "schedule/graph.hpp"

namespace gitplan::schedule {

/// The least fixpoint. Wave 1: all needs given; wave k: needs met once waves 1 to k-1 are
/// completed. Algorithm: counting of unmet needs (Dowling and Gallier 1984), linear time.
struct Waves {
  std::vector<std::vector<TaskIndex>> waves;  ///< waves[0] is wave 1; each in plan order
  std::vector<int> wave_of;                   ///< per task, from 1; 0 = unreachable
  struct Unreachable {
    TaskIndex task;
    /// "no task provides 'X'", "depends on '009', which is not in the plan", "in the cycle 002 ->
    /// 004
    /// -> 002", "waits for 004, which is unreachable"
    std::string reason;
  };
  std::vector<Unreachable> unreachable;
};
Waves compute_waves(const Graph& graph);

/// Every cycle that no other provider breaks: one path for each strongly connected group of tasks
/// that stay unreachable even if all that nobody provides came from outside, as indices in order,
/// each waiting for the next, the first one repeated at the end ({1, 3, 1}). Iterative Tarjan.
std::vector<std::vector<TaskIndex>> find_cycles(const Graph& graph, const Waves& waves);

}  // namespace gitplan::schedule
