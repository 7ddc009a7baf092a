// `git wave run`: the whole loop, unattended.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/task/done.hpp"
#include "commands/wave/worker_process.hpp"
#include "session/json.hpp"
#include "session/view.hpp"
#include "session/workspace.hpp"
#include "supervisor/supervisor.hpp"

namespace gitplan::commands {

struct RunRequest {
  std::optional<std::string> jobs;     ///< -j
  std::optional<std::string> timeout;  ///< "20 minutes"
  std::optional<int> retries;
  std::optional<std::string> verify;
  std::optional<std::string> verify_timeout;  ///< none: as `timeout`
  WorkerCommand command;
  std::optional<std::string> agent;  ///< of tasks that name none; not beside a command
  std::vector<std::string> caps;     ///< "usd=5"
  std::optional<std::string> max_load;
  std::optional<std::string> stall;
  Empty empty = Empty::refuse;
  supervisor::Scheduling scheduling = supervisor::Scheduling::continuous;
  supervisor::OnFailure on_failure = supervisor::OnFailure::stop_starting;
  schedule::Overlapping overlapping = schedule::Overlapping::hold_back;
  std::optional<std::string> remote;  ///< that machines share the plan through, from now on
};

struct RunResult {
  struct Remaining {
    std::string task;
    Status status;
    std::string reason;
  };
  std::string session;
  std::int64_t version = 0;
  schedule::State state = schedule::State::stuck;
  int completed = 0;  ///< without the missing ones
  int missing = 0;    ///< recorded completed, but flow lacks their work
  int total = 0;
  std::vector<Remaining> remaining;     ///< every task that is not completed, or missing, and why
  std::optional<std::string> unmerged;  ///< the first of those that are done
  std::optional<int> signal;            ///< that ended the run
  std::optional<supervisor::Landing> red;  ///< what was found of the flow branch
  std::optional<agents::Reached> capped;   ///< why nothing more was started
  std::string flow_branch;
  [[nodiscard]] bool success() const {
    return state == schedule::State::completed && missing == 0 && !red;
  }
};

/// Options, then environment and config (wave.command, wave.verify, wave.timeout, wave.retries,
/// wave.maxParallel). Throws Error(usage) where there is no command.
RunResult run_wave(Settings settings, const Notices& notices, const RunRequest& request,
                   supervisor::Observer& observer);
Json to_json(const RunResult& result);
/// The last one of --json=lines.
Json finished_event(const RunResult& result);

/// The workers that runs have going, by slot; of every plan.
std::vector<supervisor::WorkerRecord> running_workers(const Workspace& workspace);

/// The end of what a worker of a run has written to its log.
std::string last_output(const supervisor::WorkerRecord& worker);
std::vector<std::string> last_output_lines(const std::string& log, std::size_t count);

}  // namespace gitplan::commands
