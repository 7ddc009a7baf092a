// The process that a run starts beside itself to look after a worker's command. It is this program
// again, so that the run itself never waits, and whatever is killed leaves the rest as it is.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "supervisor/log_limit.hpp"
#include "supervisor/worker_record.hpp"

namespace gitplan {
class Workspace;
namespace git {
class Repository;
}
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
  std::optional<std::chrono::seconds> stall;  ///< ended when nothing of it moves for so long
};
/// Makes the slot's worktree ready, runs the command there, and keeps how it ended in the record.
/// Throws Error(not_found) if the slot has no record.
void run_worker_process(Workspace& workspace, const WorkerProcessRequest& request);

/// Where a repository keeps the records of its workers.
supervisor::WorkerRecords worker_records(const Workspace& workspace);

/// The hooks that this process runs are told which attempt it is, and its prompt.
void tell_hooks(const supervisor::WorkerRecord& record, const std::string& prompt_file);
/// Where it keeps what they write.
std::string logs_folder(const git::Repository& repository);
/// Those that nobody has written to since then, and that are of no worker that is known.
void delete_old_logs(const Workspace& workspace, Seconds since);
/// wave.maxLog, 100 MB. Throws Error(fatal) for less than nothing.
supervisor::LogLimit log_limit(const Workspace& workspace);
/// Throws Error(not_found) if no run gave the slot a task.
supervisor::WorkerRecord require_record(const Workspace& workspace, int worker);

}  // namespace gitplan::commands
