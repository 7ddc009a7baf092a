// The way back from a merge: flow reverts it by plain git, and the task starts over.
#pragma once

#include "base/error.hpp"
#include "session/view.hpp"

namespace gitplan {

class Workspace;

/// For a task that flow has: ends in a command that reverts what brought it, in the worktree that
/// has flow checked out or in one that comes and goes, and resets the task.
Hint how_to_take_back(const Workspace& workspace, const PlanView& view, TaskIndex index);

}  // namespace gitplan
