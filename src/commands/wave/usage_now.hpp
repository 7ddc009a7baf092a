// What a plan has used up to this moment.
#pragma once

#include "agents/usage.hpp"

namespace gitplan {
class PlanView;
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

/// What git tells of, and what it does not yet: workers', and tasks' that are done.
agents::Usage usage_now(const Workspace& workspace, const PlanView& view);

}  // namespace gitplan::commands
