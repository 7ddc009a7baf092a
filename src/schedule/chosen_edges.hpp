// The plain graph that schedules are made on: of the providers of a precondition, one is chosen.
#pragma once

#include <span>

#include "schedule/waves.hpp"

namespace gitplan::schedule {

/// Row t: the predecessors of task t, as chosen_predecessors() promises.
Rows predecessor_rows(const Graph& graph, const Waves& waves);
/// Of what is left to do alone: what is over is nobody's predecessor, and what it provides is no
/// need any more. `status` is parallel to the tasks.
Rows predecessor_rows(const Graph& graph, const Waves& waves, std::span<const Status> status);
/// The same edges the other way round.
Rows successor_rows(const Rows& predecessors);

}  // namespace gitplan::schedule
