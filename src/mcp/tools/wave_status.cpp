#include <nlohmann/json.hpp>

#include "commands/wave/status.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"

namespace gitplan::mcp {
namespace {

Json run(Call& call) {
  const auto status = commands::wave_status(call.workspace());
  commands::say_what_to_do(call.workspace(), status);
  return to_json(status);
}

}  // namespace

const Tool wave_status_tool{
    "wave_status",
    "See who works on what",
    "List the workers with their worktrees, tasks and state: how many commits they are ahead, "
    "whether anything is uncommitted, whether the task is merged or has failed; then how far the "
    "plan is and what can start next. Call it while workers are out, and before you remove a "
    "worktree.",
    {.read_only = true},
    {plan_branch_parameter(), fetch_parameter()},
    run};

}  // namespace gitplan::mcp
