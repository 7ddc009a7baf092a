// What came of a run.
#pragma once

#include "commands/wave/run.hpp"

namespace gitplan::commands {

/// As the plan stands after it, with a reason for each task that is not completed.
RunResult result_of(const Workspace& workspace, const PlanView& view,
                    const supervisor::RunOutcome& outcome);

}  // namespace gitplan::commands
