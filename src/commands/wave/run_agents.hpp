// Which agents a run has, and which of them takes the tasks that name none.
#pragma once

#include <map>
#include <string>

#include "commands/wave/run.hpp"
#include "commands/wave/run_limits.hpp"
#include "commands/wave/worker_process.hpp"

namespace gitplan::commands {

struct RunAgents {
  LimitsSetup limits;
  std::map<std::string, WorkerCommand> commands;  ///< by agent
};

/// wave.cap, which may be given once a unit.
std::vector<agents::Cap> configured_caps(const Workspace& workspace);
/// Those, and the ones of --cap, which go before. Throws Error(usage).
std::vector<agents::Cap> caps_of_run(const Workspace& workspace, const RunRequest& request);

/// From options, environment and config. Throws Error(usage) for options that contradict each
/// other, Error(fatal) for what the config cannot mean.
RunAgents agents_of_run(const Workspace& workspace, const RunRequest& request);

/// Throws Error(usage) where a task that names no agent could not be worked on for want of a
/// command, Error(wrong_state) where a task, or --agent, names an agent that is not there.
void refuse_unknown_agents(const PlanView& view, const RunAgents& agents);

}  // namespace gitplan::commands
