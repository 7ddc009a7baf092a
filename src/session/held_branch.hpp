// A branch that is to go while a worktree has it.
#pragma once

#include <string>

#include "git/worktrees.hpp"

namespace gitplan {

/// Its worktree is there, or on a disk that is away: `git worktree lock` keeps it from being
/// pruned.
bool holds_its_branch(const git::Worktree& worktree);

/// Throws Error(wrong_state) with the way to leave it there: "cannot reset task '001': its branch
/// is checked out at '/there'". `what`: "reset task '001'". Also where the worktree is on a disk
/// that is away: it would come back on a branch without a commit.
[[noreturn]] void refuse_held_branch(const std::string& what, const git::Worktree& worktree);

}  // namespace gitplan
