#include "commands/wave/agents.hpp"

#include <fmt/format.h>

#include "agents/program.hpp"
#include "base/text.hpp"
#include "commands/doctor/checks.hpp"
#include "commands/wave/agents_config.hpp"

namespace gitplan::commands {

void check_agents(const Workspace& workspace, Problems& problems) {
  for (const auto& [name, agent] : configured_agents(workspace, {})) {
    const auto program = agents::program_of(agent.command);
    if (!program || is_found(workspace, *program).value_or(true)) continue;
    const std::string key =
        name == agents::default_agent ? "wave.command" : fmt::format("wave.{}.command", name);
    problems.push_back(
        {"agent_program_missing",
         fmt::format("agent '{}': its program '{}' is not found", name, text::printable(*program)),
         fmt::format("to name another, run: git config {} '<command>'", key)});
  }
}

}  // namespace gitplan::commands
