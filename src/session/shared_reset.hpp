// A task that starts over, where machines share its plan.
#pragma once

#include <span>
#include <string>

#include "session/view.hpp"

namespace gitplan {

class Workspace;

/// After a reset: ends this clone's claim, takes the branch (empty: none) off the remote, and keeps
/// there what became attempts here.
void publish_reset(const Workspace& workspace, const PlanView& view, TaskIndex index,
                   const std::string& branch, std::span<const std::string> attempts);

}  // namespace gitplan
