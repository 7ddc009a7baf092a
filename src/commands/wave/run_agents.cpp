#include "commands/wave/run_agents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/wave/agents_config.hpp"
#include "commands/wave/run_options.hpp"
#include "git/config.hpp"
#include "plan/ids.hpp"

namespace gitplan::commands {
namespace {

using agents::Agent;

Hint see_usage() { return Hint{"to see how it is used, run: git wave run -h"}; }

/// An empty one, of a variable that is not set perhaps, would complete every task by doing nothing.
bool is_blank(const WorkerCommand& command) {
  return command.shell ? text::trim(*command.shell).empty() : command.arguments.front().empty();
}

/// What the command line, or the environment, gives for the usual agent.
WorkerCommand given_command(const RunRequest& request) {
  if (!request.command.empty()) {
    if (!is_blank(request.command)) return request.command;
    throw Error(ErrorKind::usage, "the workers' command is empty",
                Hint{"to give one, run: git wave run -x '<command>'"});
  }
  if (const char* line = std::getenv("GIT_WAVE_COMMAND"); line != nullptr && *line != '\0')
    return {std::string(line), {}};
  return {};
}

std::string shown_command(const WorkerCommand& command) {
  return command.shell ? *command.shell : text::shell_quote(command.arguments.front());
}

agents::Cap cap_of(const std::string& word, std::string_view name) {
  if (const auto cap = agents::parse_cap(word)) return *cap;
  throw Error(name.starts_with("--") ? ErrorKind::usage : ErrorKind::fatal,
              fmt::format("bad cap '{}' for '{}'", text::printable(word), name),
              Hint{"to start nothing more once 5 usd are used, run: git wave run --cap=usd=5"});
}

/// One a unit: a later one goes before.
std::vector<agents::Cap> with_caps(const std::vector<agents::Cap>& before,
                                   const std::vector<std::string>& words, std::string_view name) {
  std::map<std::string, double> caps;
  for (const agents::Cap& cap : before) caps[cap.unit] = cap.most;
  for (const std::string& word : words) {
    const agents::Cap cap = cap_of(word, name);
    caps[cap.unit] = cap.most;
  }
  std::vector<agents::Cap> all;
  for (const auto& [unit, most] : caps) all.push_back({unit, most});
  return all;
}

agents::LoadLimit load_of(const Workspace& workspace, const RunRequest& request) {
  agents::LoadLimit limit;
  limit.least_memory = workspace.config().integer("wave.minMemory").value_or(0);
  if (!request.max_load) return limit;
  const std::string& word = *request.max_load;
  double load = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), load);
  if (error != std::errc{} || end != word.data() + word.size() || !std::isfinite(load) ||
      load <= 0) {
    throw Error(
        ErrorKind::usage, fmt::format("bad load '{}' for '--max-load'", text::printable(word)),
        Hint{"to start no second worker above a load of 4, run: git wave run --max-load=4"});
  }
  limit.most_load = load;
  return limit;
}

AgentDefaults defaults_of(const Workspace& workspace, const RunRequest& request) {
  AgentDefaults defaults;
  defaults.timeout = timeout_of(workspace, request);
  defaults.has_timeout_option = request.timeout.has_value();
  defaults.retries = retries_of(workspace, request);
  defaults.has_retries_option = request.retries.has_value();
  return defaults;
}

/// Names that are like it, and the command that defines it where it may be one.
[[noreturn]] void refuse_agent(const RunAgents& agents, const std::string& name,
                               const std::string& who) {
  std::vector<std::string> known;
  for (const auto& [agent, command] : agents.commands) known.push_back(agent);
  const auto near = text::did_you_mean(name, known);
  std::vector<Hint> hints{Hint{"to see those that there are, run: git wave agents"}};
  if (is_agent_name(name) && name != agents::default_agent)
    hints.push_back(
        Hint{fmt::format("to define it, run: git config wave.{}.command '<command>'", name)});
  throw Error(ErrorKind::wrong_state,
              {fmt::format("{} '{}', which is not defined{}", who, text::printable(name),
                           near ? fmt::format("; did you mean '{}'?", *near) : "")},
              hints)
      .with_code("unknown_agent");
}

void refuse_without(bool has_command) {
  if (has_command) return;
  throw Error(ErrorKind::usage, "no command for the workers",
              Hint{"to give one, run: git wave run -x '<command>'"});
}

}  // namespace

std::vector<agents::Cap> configured_caps(const Workspace& workspace) {
  if (!workspace.config().text("wave.cap")) return {};
  return with_caps({}, git::all_values(workspace.repository(), "wave.cap"), "wave.cap");
}

std::vector<agents::Cap> caps_of_run(const Workspace& workspace, const RunRequest& request) {
  return with_caps(configured_caps(workspace), request.caps, "--cap");
}

RunAgents agents_of_run(const Workspace& workspace, const RunRequest& request) {
  if (request.agent && !request.command.empty())
    throw Error(ErrorKind::usage, "both --agent and a command are given", see_usage());
  RunAgents run;
  const AgentDefaults defaults = defaults_of(workspace, request);
  const WorkerCommand given = given_command(request);
  run.limits.agents = configured_agents(workspace, defaults);
  for (const auto& [name, agent] : run.limits.agents)
    run.commands[name] = WorkerCommand{agent.command, {}};
  const std::string usual(agents::default_agent);
  if (!given.empty()) {
    run.commands[usual] = given;
    run.limits.agents[usual] = usual_agent(workspace, shown_command(given), defaults);
  }
  run.limits.usual = request.agent.value_or(usual);
  run.limits.most_parked = most_parked(workspace);
  run.limits.caps = caps_of_run(workspace, request);
  run.limits.load = load_of(workspace, request);
  return run;
}

void refuse_unknown_agents(const PlanView& view, const RunAgents& agents) {
  const std::string& usual = agents.limits.usual;
  const bool has_usual = agents.commands.contains(usual);
  if (!has_usual && usual != agents::default_agent) refuse_agent(agents, usual, "--agent names");
  bool needs_usual = true;  // where no task is open, too: what would it be run with?
  for (TaskIndex i = 0; i < view.size(); ++i) {
    const auto status = view.status(i);
    if (status != Status::pending && status != Status::in_progress) continue;
    const auto& wanted = view.task(i).agent;
    if (wanted && !agents.commands.contains(*wanted))
      refuse_agent(agents, *wanted, fmt::format("task '{}' wants agent", view.task(i).id));
    if (!wanted) refuse_without(has_usual);
    needs_usual = false;
  }
  if (needs_usual) refuse_without(has_usual);
}

}  // namespace gitplan::commands
