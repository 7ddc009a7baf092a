#include <nlohmann/json.hpp>

#include "commands/wave/status.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"

namespace gitplan::mcp {
namespace {

Json run(Call& call) {
  const auto view = call.select_plan(Access::read);
  Json object = to_json(commands::worker_status(call.workspace(), view.get()));
  object["plan_branch"] = view->branch();
  return object;
}

}  // namespace

const Tool wave_status_tool{
    "wave_status",
    "See who works on what",
    "List the workers with their worktrees, tasks and state: how many commits they are ahead, "
    "whether anything is uncommitted, whether the task is merged or has failed. Call it while "
    "workers are out, and before you remove a worktree.",
    {.read_only = true},
    {plan_branch_parameter()},
    run};

}  // namespace gitplan::mcp
