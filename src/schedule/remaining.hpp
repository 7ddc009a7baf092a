// How long what is left of a plan takes: see critical_path.hpp.
#pragma once

#include <span>

#include "schedule/critical_path.hpp"

namespace gitplan::schedule {

/// Nothing is left to do for a task: it is completed or cancelled.
constexpr bool is_over(Status status) {
  return status == Status::completed || status == Status::cancelled;
}

/// As critical_path, of what is left to do alone: what is over is in no path, takes no time, and is
/// waited for by nobody. `status` is parallel to the tasks.
CriticalPath remaining_path(const Graph& graph, const Waves& waves, const Estimates& estimates,
                            std::span<const Status> status);

/// As makespan, of the same; `path` is their remaining_path.
double remaining_makespan(const Graph& graph, const Waves& waves, const Estimates& estimates,
                          const CriticalPath& path, std::span<const Status> status, int workers);

}  // namespace gitplan::schedule
