// Tasks in the order in which they should start.
#pragma once

#include <vector>

#include "schedule/critical_path.hpp"

namespace gitplan::schedule {

/// Sorts tasks best first, as better() says.
void sort_best_first(const Graph& graph, const CriticalPath& path, std::vector<TaskIndex>& tasks);

}  // namespace gitplan::schedule
