// What becomes of a task that was reset, cancelled or failed while a run had it.
#pragma once

#include <optional>

#include "session/view.hpp"
#include "supervisor/supervisor.hpp"

namespace gitplan::lander {

/// taken_back, cancelled or given_up, with the reason; nothing of a task that is still to be done.
std::optional<supervisor::Landing> landing_of_given_up(const PlanView& view, TaskIndex index);
/// The same of one that the plan does not have any more.
supervisor::Landing landing_of_removed();

}  // namespace gitplan::lander
