// `git wave status` and `git wave worker list`: the slots and what goes on in them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "session/json.hpp"
#include "session/view.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

struct WorkerStatus {
  /// working: on an unfinished task. merged: its task is in flow, with all that
  /// its branch has. failed: its task failed. idle: no
  /// task (or one that was given up). broken: no usable worktree.
  enum class State { working, merged, failed, idle, broken } state = State::idle;
  Slot slot;
  std::string task;  ///< "001", or "session/001" of another plan; empty: none
  bool dirty = false;
  int commits_ahead = 0;
  std::string last_commit;  ///< subject
  Seconds last_commit_time = 0;
};

/// All slots, of every plan. With `view`, tasks of that plan go by their id alone.
std::vector<WorkerStatus> worker_status(const Workspace& workspace, const PlanView* view);
Json to_json(const std::vector<WorkerStatus>& workers);
std::string_view to_string(WorkerStatus::State state);

}  // namespace gitplan::commands
