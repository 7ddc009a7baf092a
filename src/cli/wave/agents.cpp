#include "commands/wave/agents.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/wave/verbs.hpp"
#include "session/select.hpp"

namespace gitplan::cli {
namespace {

using commands::AgentStatus;
using State = AgentStatus::State;

std::string program_of(const AgentStatus& agent) {
  if (agent.program.empty()) return "a shell's line";
  return agent.found.value_or(true) ? agent.program : agent.program + " (not found)";
}

/// "003, 004 at work", "parked until 15:04: 003 waits"
std::string doing(const AgentStatus& agent) {
  std::vector<std::string> parts;
  if (agent.parked_until) parts.push_back("until " + local_time(*agent.parked_until, now()));
  if (!agent.working.empty()) parts.push_back("at " + text::join(agent.working, ", "));
  if (!agent.waiting.empty())
    parts.push_back(text::join(agent.waiting, ", ") +
                    (agent.waiting.size() == 1 ? " waits" : " wait"));
  if (!agent.usage.empty()) parts.push_back("used " + agents::to_words(agent.usage));
  if (!agent.fallback.empty()) parts.push_back("falls back to " + agent.fallback);
  return text::join(parts, "; ");
}

Cell state_cell(const AgentStatus& agent, const Style& style) {
  const std::string_view word = commands::to_string(agent.state);
  if (agent.state == State::working) return Cell::painted(word, style.cyan(word));
  if (agent.state == State::parked) return Cell::painted(word, style.yellow(word));
  return Cell::plain(std::string(word));
}

std::string agents_text(const std::vector<AgentStatus>& agents, const Style& style) {
  Table table;
  for (const AgentStatus& agent : agents) {
    table.row({Cell::plain(agent.name), state_cell(agent, style), Cell::plain(program_of(agent)),
               Cell::plain(doing(agent))});
  }
  return table.text(style);
}

int run(Invocation& invocation) {
  auto& workspace = invocation.workspace();
  std::unique_ptr<PlanView> view;
  if (!has_no_plans(workspace) || workspace.settings().plan)
    view = select_plan(workspace, Access::read);
  const auto agents = commands::agent_status(workspace, view.get());
  if (agents.empty())
    invocation.hint(
        "no agent is defined; to define one, run: git config wave.helper.command '<command>'");
  return invocation.answer([&](const Style& style) { return agents_text(agents, style); },
                           [&] { return to_json(agents); });
}

}  // namespace

const Verb wave_agents_verb{
    "agents", "list the agents, what they do, and until when they are parked", "", 0, 0, {}, run};

}  // namespace gitplan::cli
