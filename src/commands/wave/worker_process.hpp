// The two processes that a run starts beside itself: one looks after a worker's command, one brings
// a finished task into flow. Each is this program again, so that the run itself never waits, and
// whatever is killed leaves the rest as it is.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "session/json.hpp"
#include "supervisor/worker_record.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

/// What workers run: a shell's line, or a program with its arguments, in which {task}, {branch},
/// {worktree}, {worker} and {prompt_file} are replaced.
struct WorkerCommand {
  std::optional<std::string> shell;
  std::vector<std::string> arguments;
  [[nodiscard]] bool empty() const { return !shell && arguments.empty(); }
};

struct WorkerProcessRequest {
  int worker = 0;
  WorkerCommand command;
  std::optional<std::chrono::seconds> timeout;
};
/// Makes the slot's worktree ready, runs the command there, and keeps how it ended in the record.
/// Throws Error(not_found) if the slot has no record.
void run_worker_process(Workspace& workspace, const WorkerProcessRequest& request);

struct LandRequest {
  int worker = 0;
  std::optional<std::string> verify;
};
/// Merges the slot's task. Every outcome is an answer, refusals too: `outcome`, `commit`,
/// `conflicts`, `reason`.
Json land(Workspace& workspace, const LandRequest& request);

/// Where a repository keeps the records of its workers.
supervisor::WorkerRecords worker_records(const Workspace& workspace);

}  // namespace gitplan::commands
