// What of a plan can start now: readiness, whose files are in use, approval.
#pragma once

#include "schedule/ready.hpp"

namespace gitplan {

class PlanView;
class Workspace;

/// What can start now, best first, and who is held back. With plan.requireApproval, only what is
/// approved; of a plan on hold nothing.
schedule::Next next_tasks(const Workspace& workspace, const PlanView& view,
                          schedule::Overlapping overlapping);

}  // namespace gitplan
