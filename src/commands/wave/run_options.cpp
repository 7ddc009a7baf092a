#include "commands/wave/run_options.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/plan/show.hpp"
#include "commands/wave/placeholders.hpp"
#include "commands/wave/run_durations.hpp"
#include "session/workspace.hpp"

namespace gitplan::commands {
namespace {

/// What no task could be started with. Their own names are looked at when their turn comes.
void refuse_paths(const Workspace& workspace, const WorkerCommand& command) {
  if (command.arguments.empty()) return;
  fill_placeholders(command.arguments, {"001", "task/001", workspace.slots().at(1).absolute_path,
                                        "1", worker_records(workspace).prompt_file(1)});
}

std::optional<std::chrono::seconds> verify_timeout_of(const Workspace& workspace,
                                                      const RunRequest& request) {
  if (request.verify_timeout) return duration_of(request.verify_timeout, "--verify-timeout");
  return timeout_of(workspace, request);
}

std::optional<std::string> verify_of(const Workspace& workspace, const RunRequest& request) {
  auto line = request.verify ? request.verify : workspace.config().text("wave.verify");
  return line && !line->empty() ? line : std::nullopt;
}

Empty empty_of(const Workspace& workspace, const RunRequest& request) {
  if (workspace.config().boolean("wave.allowEmpty").value_or(false)) return Empty::merge;
  return request.empty;
}

}  // namespace

std::optional<std::chrono::seconds> timeout_of(const Workspace& workspace,
                                               const RunRequest& request) {
  if (request.timeout) return duration_of(request.timeout, "--timeout");
  return duration_of(workspace.config().text("wave.timeout"), "wave.timeout");
}

int retries_of(const Workspace& workspace, const RunRequest& request) {
  if (request.retries) return *request.retries;
  const auto configured = workspace.config().integer("wave.retries").value_or(0);
  constexpr std::int64_t most = 1000;
  if (configured >= 0 && configured <= most) return static_cast<int>(configured);
  throw Error(ErrorKind::fatal, fmt::format("bad number '{}' for 'wave.retries'", configured),
              Hint{"to try each task once, run: git config --unset wave.retries"});
}

void read_options(const Workspace& workspace, const RunRequest& request, RunSetup& setup,
                  supervisor::RunPolicy& policy) {
  setup.agents = agents_of_run(workspace, request);
  refuse_paths(workspace, request.command);
  setup.stall = duration_of(request.stall, "--stall");
  setup.verify = verify_of(workspace, request);
  setup.verify_timeout = verify_timeout_of(workspace, request);
  setup.empty = empty_of(workspace, request);
  policy.retries = retries_of(workspace, request);
  policy.workers = max_parallel(workspace, request.jobs);
  setup.overlapping = request.overlapping;
  policy.scheduling = request.scheduling;
  policy.on_failure = request.on_failure;
  // Then there is time left for what a scheduler's TERM wants pushed.
  constexpr std::chrono::seconds patience_of_shared{8};
  if (workspace.shared_remote() != nullptr) policy.patience = patience_of_shared;
}

}  // namespace gitplan::commands
