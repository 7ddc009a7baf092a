#include "session/surroundings.hpp"

#include "session/workspace.hpp"

namespace gitplan {

Surroundings::Surroundings(const Workspace& workspace)
    : worktrees_(git::list_worktrees(workspace.repository())),
      slots_(workspace.slots().among(worktrees_)),
      elsewhere_(workspace.slots().elsewhere(worktrees_)),
      facts_(workspace.repository()) {}

}  // namespace gitplan
