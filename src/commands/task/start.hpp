// `git task start`: a task gets its branch and a worktree.
#pragma once

#include "commands/task/starting.hpp"
#include "session/json.hpp"

namespace gitplan::commands {

/// Throws Error(wrong_state) if a slot holds the task, the slot is taken, it is not ready, or its
/// files overlap, or it is not approved where that is required.
Started start_task(Workspace& workspace, const StartTaskRequest& request);
Json to_json(const Started& started);

}  // namespace gitplan::commands
