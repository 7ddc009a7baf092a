#include "session/outlook.hpp"

#include <algorithm>

#include "plan/estimate.hpp"
#include "session/next_tasks.hpp"
#include "session/workspace.hpp"

namespace gitplan {
namespace {

bool is_estimated(const Task& task) {
  return task.estimated_time && parse_duration(*task.estimated_time);
}

/// What is done takes no time any more.
schedule::Estimates estimates_left(const PlanView& view) {
  schedule::Estimates left = view.estimates();
  for (TaskIndex i = 0; i < view.size(); ++i) {
    if (view.done_at(i)) left.minutes[i] = 0;
  }
  return left;
}

/// Without the time that tasks in progress have had. Nobody knows of one without a slot.
schedule::Estimates estimates_left(const PlanView& view, Seconds now) {
  schedule::Estimates left = estimates_left(view);
  constexpr double seconds_per_minute = 60;
  for (TaskIndex i = 0; i < view.size(); ++i) {
    const Slot* slot = view.slot(i);
    if (view.status(i) != Status::in_progress || slot == nullptr || !slot->claim) continue;
    const double had = static_cast<double>(now - slot->claim->since) / seconds_per_minute;
    left.minutes[i] = std::max(0.0, left.minutes[i] - std::max(0.0, had));
  }
  return left;
}

TimeLeft time_left(const PlanView& view, int workers, const schedule::Estimates& estimates) {
  const auto& status = view.progress().status;
  TimeLeft left;
  left.workers = workers;
  left.path = schedule::remaining_path(view.graph(), view.waves(), estimates, status);
  left.makespan_minutes = schedule::remaining_makespan(view.graph(), view.waves(), estimates,
                                                       left.path, status, workers);
  for (TaskIndex i = 0; i < view.size(); ++i) {
    if (schedule::is_over(status[i])) continue;
    ++left.open;
    if (!is_estimated(view.task(i))) ++left.unestimated;
  }
  return left;
}

}  // namespace

TimeLeft time_left(const PlanView& view, int workers) {
  return time_left(view, workers, estimates_left(view));
}

TimeLeft time_left(const PlanView& view, int workers, Seconds now) {
  return time_left(view, workers, estimates_left(view, now));
}

Outlook outlook(const Workspace& workspace, const PlanView& view, int workers) {
  return {next_tasks(workspace, view, schedule::Overlapping::hold_back).tasks,
          time_left(view, workers, now())};
}

}  // namespace gitplan
