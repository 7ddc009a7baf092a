// Agents as git config defines them: `wave.<name>.command` and what else it says of each.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "agents/agent.hpp"
#include "base/clock.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

/// What every agent has that does not say otherwise, or, where the command line said it, that none
/// says otherwise.
struct AgentDefaults {
  std::optional<std::chrono::seconds> timeout;
  bool has_timeout_option = false;
  int retries = 0;
  bool has_retries_option = false;
};

/// Those with a command; "default" is the one of wave.command. Throws Error(fatal) for what cannot
/// be read: names, numbers, durations, patterns, circles of fallbacks and unknown ones.
agents::Agents configured_agents(const Workspace& workspace, const AgentDefaults& defaults);

/// The one of this command, which the config knows nothing of but `wave.default.*`. Its fallback is
/// one of those above.
agents::Agent usual_agent(const Workspace& workspace, const std::string& command,
                          const AgentDefaults& defaults);

/// What `wave.<agent>.<variable>` says.
std::optional<std::string> agent_value(const Workspace& workspace, const std::string& agent,
                                       const std::string& variable);

/// wave.maxPark, 24 hours.
Seconds most_parked(const Workspace& workspace);

}  // namespace gitplan::commands
