#include "commands/wave/agents_config.hpp"

#include <fmt/format.h>

#include <utility>

#include "agents/not_now.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/wave/run_durations.hpp"
#include "plan/ids.hpp"
#include "session/workspace.hpp"

namespace gitplan::commands {
namespace {

using agents::Agent;
using agents::Agents;

Hint see_config() { return Hint{"to see what is set, run: git config --get-regexp '^wave\\.'"}; }

std::string key_of(const std::string& agent, std::string_view variable) {
  return fmt::format("wave.{}.{}", agent, variable);
}

std::optional<int> number_of(const Workspace& workspace, const std::string& key, int least) {
  constexpr std::int64_t most = 1000;
  const auto number = workspace.config().integer(key);
  if (!number) return std::nullopt;
  if (*number >= least && *number <= most) return static_cast<int>(*number);
  throw Error(ErrorKind::fatal, fmt::format("bad number '{}' for '{}'", *number, key),
              see_config());
}

/// Where it does not compile, the key that has it is named.
std::string pattern_of(const Workspace& workspace, const std::string& agent) {
  for (const std::string& key : {key_of(agent, "notNow"), std::string("wave.notNow")}) {
    const auto text = workspace.config().text(key);
    if (!text) continue;
    try {
      if (!text->empty()) agents::Pattern{*text};
    } catch (const Error& error) {
      throw Error(ErrorKind::fatal, fmt::format("'{}': {}", key, error.what()), see_config());
    }
    return *text;
  }
  return "";
}

Agent agent_of(const Workspace& workspace, const std::string& name, std::string command,
               const AgentDefaults& defaults) {
  Agent agent;
  agent.name = name;
  agent.command = std::move(command);
  agent.timeout = defaults.timeout;
  const std::string timeout = key_of(name, "timeout");
  if (const auto words = workspace.config().text(timeout); words && !defaults.has_timeout_option)
    agent.timeout = duration_of(words, timeout);
  const auto retries = number_of(workspace, key_of(name, "retries"), 0);
  agent.retries =
      defaults.has_retries_option ? defaults.retries : retries.value_or(defaults.retries);
  agent.most_at_once = number_of(workspace, key_of(name, "maxParallel"), 1);
  agent.fallback = workspace.config().text(key_of(name, "fallback")).value_or("");
  agent.not_now = pattern_of(workspace, name);
  return agent;
}

void refuse_chains(const Agents& agents) {
  if (const Agent* agent = agents::with_unknown_fallback(agents)) {
    throw Error(ErrorKind::fatal,
                fmt::format("the fallback of agent '{}' is '{}', which has no command", agent->name,
                            text::printable(agent->fallback)),
                see_config());
  }
  if (const auto circle = agents::find_circle(agents)) {
    throw Error(
        ErrorKind::fatal,
        fmt::format("agents {} fall back to each other in a circle", text::join(*circle, " -> ")),
        see_config());
  }
}

}  // namespace

agents::Agent usual_agent(const Workspace& workspace, const std::string& command,
                          const AgentDefaults& defaults) {
  return agent_of(workspace, std::string(agents::default_agent), command, defaults);
}

std::optional<std::string> agent_value(const Workspace& workspace, const std::string& agent,
                                       const std::string& variable) {
  return workspace.config().text(key_of(agent, variable));
}

agents::Agents configured_agents(const Workspace& workspace, const AgentDefaults& defaults) {
  Agents agents;
  const auto add = [&](const std::string& name, std::string command) {
    if (text::trim(command).empty()) return;
    agents[name] = agent_of(workspace, name, std::move(command), defaults);
  };
  for (const std::string& name : workspace.config().subsections("wave", "command")) {
    if (!is_agent_name(name)) {
      throw Error(ErrorKind::fatal,
                  fmt::format("'wave.{}.command' names no agent: letters, digits, '.', '_' and '-' "
                              "are wanted",
                              text::printable(name)),
                  see_config());
    }
    add(name, agent_value(workspace, name, "command").value_or(""));
  }
  const std::string usual(agents::default_agent);
  agents.erase(usual);
  add(usual, workspace.config().text("wave.command").value_or(""));
  refuse_chains(agents);
  return agents;
}

Seconds most_parked(const Workspace& workspace) {
  constexpr Seconds usual = 24 * 3600;
  const auto set = duration_of(workspace.config().text("wave.maxPark"), "wave.maxPark");
  return set ? Seconds{set->count()} : usual;
}

}  // namespace gitplan::commands
