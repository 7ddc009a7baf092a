#include <nlohmann/json.hpp>

#include "commands/wave/agents.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"
#include "session/select.hpp"

namespace gitplan::mcp {
namespace {

Json run(Call& call) {
  std::unique_ptr<PlanView> view;
  if (!has_no_plans(call.workspace()) || call.workspace().settings().plan)
    view = select_plan(call.workspace(), Access::read);
  return to_json(commands::agent_status(call.workspace(), view.get()));
}

}  // namespace

const Tool list_agents_tool{
    "list_agents",
    "See which agents there are",
    "List the agents that git config defines for this repository: whether the program of each is "
    "found, what it works on, until when it is parked after it met a usage limit, and what it has "
    "used for the plan. Call it before you write an agent's name into a task.",
    {.read_only = true},
    {plan_branch_parameter(), fetch_parameter()},
    run};

}  // namespace gitplan::mcp
