#include "session/next_tasks.hpp"

#include "session/approval.hpp"
#include "session/other_plans.hpp"
#include "session/view.hpp"
#include "session/workspace.hpp"

namespace gitplan {
namespace {

/// Tasks in progress here that somebody is at, and those of other plans.
std::vector<schedule::Busy> busy_tasks(const Workspace& workspace, const PlanView& view,
                                       const schedule::Progress& progress) {
  std::vector<schedule::Busy> busy;
  for (TaskIndex i = 0; i < view.size(); ++i) {
    if (progress.status[i] == Status::in_progress && !progress.free[i])
      busy.push_back({view.task(i).id, view.task(i).files, false});
  }
  for (auto& one : busy_in_other_plans(workspace, view)) busy.push_back(std::move(one));
  return busy;
}

}  // namespace

schedule::Next next_tasks(const Workspace& workspace, const PlanView& view,
                          schedule::Overlapping overlapping) {
  return next_tasks_after(workspace, view, overlapping, {});
}

schedule::Next next_tasks_after(const Workspace& workspace, const PlanView& view,
                                schedule::Overlapping overlapping,
                                std::span<const TaskIndex> landed) {
  if (!view.plan().hold.empty()) return {};
  schedule::Progress current = view.progress();
  for (const TaskIndex index : landed) {
    current.status[index] = Status::completed;
    current.free[index] = false;
  }
  const auto busy = busy_tasks(workspace, view, current);
  const auto among = [&](const schedule::Progress& progress) {
    return schedule::next_tasks(view.graph(), progress, view.critical_path(), busy, overlapping);
  };
  if (!approval_required(workspace)) return among(current);
  const auto waiting = waiting_for_approval(approval_state(workspace, view), view);
  schedule::Progress approved = current;
  for (const TaskIndex index : waiting) {
    approved.status[index] = Status::cancelled;  // no candidate, and in nobody's way
    approved.free[index] = false;
  }
  return among(approved);
}

}  // namespace gitplan
