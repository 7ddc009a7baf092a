// What workers of other plans are at.
#pragma once

#include <vector>

#include "schedule/ready.hpp"

namespace gitplan {

class PlanView;
class Workspace;

/// Tasks in progress of every other plan of the same flow branch, as "<session>/<id>". A plan that
/// cannot be read holds nobody back.
std::vector<schedule::Busy> busy_in_other_plans(const Workspace& workspace, const PlanView& view);

}  // namespace gitplan
