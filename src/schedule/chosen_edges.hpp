// The plain graph that schedules are made on: of the providers of a precondition, one is chosen.
#pragma once

#include <vector>

#include "schedule/waves.hpp"

namespace gitplan::schedule {

/// Row t: the predecessors of task t, as chosen_predecessors() promises.
Rows predecessor_rows(const Graph& graph, const Waves& waves);
/// The same edges the other way round.
Rows successor_rows(const Rows& predecessors);

}  // namespace gitplan::schedule
