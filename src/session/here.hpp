// Where the caller stands, so that what a hint says runs there as it is printed.
#pragma once

#include <string>

#include "slots/slot.hpp"

namespace gitplan {

class Workspace;

/// The current folder is in the slot's worktree.
bool stands_in(const Workspace& workspace, const Slot& slot);

/// How git is called on the slot's worktree: "git" for who stands in it, else with its absolute
/// path: "git -C /project/.worktrees/worker-1".
std::string git_in(const Workspace& workspace, const Slot& slot);

}  // namespace gitplan
