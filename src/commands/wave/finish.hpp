// `git wave finish`: cleans up after a wave.
#pragma once

#include <string>
#include <vector>

#include "commands/plan/use.hpp"
#include "schedule/ready.hpp"
#include "session/json.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

struct FinishRequest {
  std::vector<std::string> tasks;  ///< empty: all that slots hold
  Force force = Force::no;  ///< yes: also removes the worktree of a named task that is not merged
};

struct FinishResult {
  std::string session;
  std::int64_t version = 0;
  std::vector<std::string> completed;  ///< merged tasks that this run recorded or cleaned up after
  /// Tasks whose worktree stays: not merged, or with work in it that flow lacks.
  std::vector<std::string> unmerged;
  std::vector<std::string> removed_worktrees;  ///< paths
  std::vector<std::string> next;               ///< what can start now
  schedule::State state = schedule::State::stuck;
  int total_tasks = 0;
  int completed_tasks = 0;  ///< of the plan
  Diagnostics warnings;
};

/// Throws Error(wrong_state) if a named task is not merged, with all that its branch has, and force
/// is no.
FinishResult finish_wave(Workspace& workspace, const FinishRequest& request);
Json to_json(const FinishResult& result);

}  // namespace gitplan::commands
