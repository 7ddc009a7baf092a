// The least fixpoint that waves and cycles are read from.
#pragma once

#include <vector>

#include "schedule/graph.hpp"

namespace gitplan::schedule {

/// What becomes of needs that nothing in the plan can meet: preconditions that nobody provides, and
/// depends_on of tasks that are not there.
enum class Unprovided { block, assume_met };

/// Each task's topological level, from 1; 0 where it can never start. Counts unmet needs (Dowling
/// and Gallier 1984): linear.
std::vector<int> topological_levels(const Graph& graph, Unprovided unprovided);

/// True if some provider of the capability has a level.
bool is_reached(const Graph& graph, const std::vector<int>& levels, CapabilityIndex capability);

}  // namespace gitplan::schedule
