// A task that starts over, where machines share its plan.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "session/view.hpp"

namespace gitplan {

class Workspace;

/// After a reset: ends this clone's claim, takes the branch (empty: none) off the remote, and keeps
/// there what became attempts here, and what others had pushed to that branch. Returns all of these
/// attempts.
std::vector<std::string> publish_reset(const Workspace& workspace, const PlanView& view,
                                       TaskIndex index, const std::string& branch,
                                       std::span<const std::string> attempts);

}  // namespace gitplan
