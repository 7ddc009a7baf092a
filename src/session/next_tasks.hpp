// What of a plan can start now: readiness, whose files are in use, approval.
#pragma once

#include <span>

#include "schedule/ready.hpp"

namespace gitplan {

class PlanView;
class Workspace;

/// What can start now, best first, and who is held back. With plan.requireApproval, only what is
/// approved; of a plan on hold nothing.
schedule::Next next_tasks(const Workspace& workspace, const PlanView& view,
                          schedule::Overlapping overlapping);
/// The same once these tasks have landed.
schedule::Next next_tasks_after(const Workspace& workspace, const PlanView& view,
                                schedule::Overlapping overlapping,
                                std::span<const schedule::TaskIndex> landed);

}  // namespace gitplan
