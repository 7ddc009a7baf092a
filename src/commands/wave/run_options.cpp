#include "commands/wave/run_options.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/plan/show.hpp"
#include "commands/wave/placeholders.hpp"
#include "plan/estimate.hpp"
#include "session/workspace.hpp"

namespace gitplan::commands {
namespace {

/// An empty one, of a variable that is not set perhaps, would complete every task by doing nothing.
bool is_blank(const WorkerCommand& command) {
  return command.shell ? text::trim(*command.shell).empty() : command.arguments.front().empty();
}

WorkerCommand command_of(const Workspace& workspace, const RunRequest& request) {
  if (!request.command.empty()) {
    if (!is_blank(request.command)) return request.command;
    throw Error(ErrorKind::usage, "the workers' command is empty",
                Hint{"to give one, run: git wave run -x '<command>'"});
  }
  if (const char* line = std::getenv("GIT_WAVE_COMMAND"); line != nullptr && *line != '\0')
    return {std::string(line), {}};
  if (auto line = workspace.config().text("wave.command"); line && !line->empty())
    return {std::move(line), {}};
  throw Error(ErrorKind::usage, "no command for the workers",
              Hint{"to give one, run: git wave run -x '<command>'"});
}

/// What no task could be started with. Their own names are looked at when their turn comes.
void refuse_paths(const Workspace& workspace, const WorkerCommand& command) {
  fill_placeholders(command.arguments, {"001", "task/001", workspace.slots().at(1).absolute_path,
                                        "1", worker_records(workspace).prompt_file(1)});
}

/// `name`: where the words come from.
std::optional<std::chrono::seconds> duration_of(const std::optional<std::string>& words,
                                                std::string_view name) {
  if (!words || words->empty() || *words == "none") return std::nullopt;
  const auto seconds = parse_duration(*words);
  if (seconds && *seconds >= 1) return std::chrono::seconds(static_cast<long>(*seconds));
  throw Error(name.starts_with("--") ? ErrorKind::usage : ErrorKind::fatal,
              fmt::format("bad duration '{}' for '{}'", text::printable(*words), name),
              Hint{name == "--verify-timeout"
                       ? "to allow twenty minutes, run: git wave run --verify-timeout='20 minutes'"
                       : "to allow twenty minutes, run: git wave run --timeout='20 minutes'"});
}

std::optional<std::chrono::seconds> timeout_of(const Workspace& workspace,
                                               const RunRequest& request) {
  if (request.timeout) return duration_of(request.timeout, "--timeout");
  return duration_of(workspace.config().text("wave.timeout"), "wave.timeout");
}

std::optional<std::chrono::seconds> verify_timeout_of(const Workspace& workspace,
                                                      const RunRequest& request) {
  if (request.verify_timeout) return duration_of(request.verify_timeout, "--verify-timeout");
  return timeout_of(workspace, request);
}

int retries_of(const Workspace& workspace, const RunRequest& request) {
  if (request.retries) return *request.retries;
  const auto configured = workspace.config().integer("wave.retries").value_or(0);
  constexpr std::int64_t most = 1000;
  if (configured >= 0 && configured <= most) return static_cast<int>(configured);
  throw Error(ErrorKind::fatal, fmt::format("bad number '{}' for 'wave.retries'", configured),
              Hint{"to try each task once, run: git config --unset wave.retries"});
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

void read_options(const Workspace& workspace, const RunRequest& request, RunSetup& setup,
                  supervisor::RunPolicy& policy) {
  setup.command = command_of(workspace, request);
  refuse_paths(workspace, setup.command);
  setup.timeout = timeout_of(workspace, request);
  setup.verify = verify_of(workspace, request);
  setup.verify_timeout = verify_timeout_of(workspace, request);
  setup.empty = empty_of(workspace, request);
  policy.retries = retries_of(workspace, request);
  policy.workers = max_parallel(workspace, request.jobs);
  setup.overlapping = request.overlapping;
  policy.scheduling = request.scheduling;
  policy.on_failure = request.on_failure;
}

}  // namespace gitplan::commands
