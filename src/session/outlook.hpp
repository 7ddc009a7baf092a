// How far a plan is, what comes next, and how long the rest takes.
#pragma once

#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "schedule/remaining.hpp"
#include "session/view.hpp"

namespace gitplan {

/// What is left to do: by list scheduling on `workers` workers, best first, progress counted.
struct TimeLeft {
  schedule::CriticalPath path;
  double makespan_minutes = 0;
  int open = 0;         ///< tasks that are not over
  int unestimated = 0;  ///< of those, without an estimate: they count 0 minutes
  int workers = 0;
  /// Something is known of it: an open task has an estimate.
  [[nodiscard]] bool is_known() const { return open > unestimated; }
};
/// From the estimates alone.
TimeLeft time_left(const PlanView& view, int workers);
/// The same at this moment: what a task in progress has had since its slot was given to it counts
/// no more.
TimeLeft time_left(const PlanView& view, int workers, Seconds now);

struct Outlook {
  std::vector<TaskIndex> next;  ///< what can start now, best first
  TimeLeft left;                ///< at this moment
};
Outlook outlook(const Workspace& workspace, const PlanView& view, int workers);

}  // namespace gitplan
