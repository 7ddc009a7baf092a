// `git task done --verify`: the task is handed in, and landed by whoever lands for its flow branch,
// this process if nobody else does.
#pragma once

#include <string>

#include "session/view.hpp"
#include "supervisor/supervisor.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

struct ByHand {
  supervisor::WorkerRecord::Word word;
  std::string verify;
  std::string again;  ///< the command, for hints
};

/// Waits for what becomes of it. The task is done meanwhile, and only then. Throws what
/// lander::land does.
supervisor::Landing land_by_hand(Workspace& workspace, const PlanView& view, TaskIndex index,
                                 const TaskBranch& branch, const ByHand& request);

}  // namespace gitplan::commands
