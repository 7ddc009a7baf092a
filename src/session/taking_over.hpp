// A task that another machine has becomes this one's.
#pragma once

#include <optional>

#include "session/claiming.hpp"

namespace gitplan {

/// Takes a task over from another machine (nothing where none has it), with its branch as that is
/// on the remote; one here that went another way becomes an attempt. Returns what it replaced, and
/// says who had it. Throws as claim_tasks; the view is an old one then.
std::optional<remote::StandingClaim> take_over(const Workspace& workspace, const PlanView& view,
                                               const Wanted& wanted);

}  // namespace gitplan
