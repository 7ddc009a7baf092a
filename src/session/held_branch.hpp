// A branch that is to go while a worktree has it.
#pragma once

#include <string>

namespace gitplan {

/// Throws Error(wrong_state) with the way to leave it there: "cannot reset task '001': its branch
/// is checked out at '/there'". `what`: "reset task '001'"; `worktree`: its path.
[[noreturn]] void refuse_held_branch(const std::string& what, const std::string& worktree);

}  // namespace gitplan
