// `git wave agents`: who can work here, who is parked, what each has used.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agents/parking.hpp"
#include "agents/usage.hpp"
#include "base/clock.hpp"
#include "session/json.hpp"

namespace gitplan {
class PlanView;
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

struct AgentStatus {
  enum class State { idle, working, parked } state = State::idle;
  std::string name;
  std::string program;        ///< of its command; empty: the command does not show it
  std::optional<bool> found;  ///< unknown where the command does not show it
  std::string fallback;
  std::optional<Seconds> parked_until;
  std::vector<std::string> working;  ///< tasks: "001", or "session/001" of another plan
  std::vector<std::string> waiting;  ///< parked ones, likewise
  agents::Usage usage;               ///< of the plan's tasks
};
std::string_view to_string(AgentStatus::State state);

/// Those that git config defines, and those that are at work or parked without. `view`, the plan
/// whose usage is told, may be null.
std::vector<AgentStatus> agent_status(const Workspace& workspace, const PlanView* view);
Json to_json(const std::vector<AgentStatus>& agents);

/// Those that are parked now, by name.
agents::Parkings parked_now(const Workspace& workspace);

/// Where the program of an agent's command is found: a command that is looked up as `sh` would at
/// the top of the repository. Nothing where the command does not show it.
std::optional<bool> is_found(const Workspace& workspace, const std::string& program);

}  // namespace gitplan::commands
