#include <nlohmann/json.hpp>

#include "commands/task/prompt.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"

namespace gitplan::mcp {
namespace {

Json run(Call& call) {
  const auto selected =
      select_task(call.workspace(), Access::read, call.arguments().text("task_id"));
  return commands::prompt_object(*selected.view, selected.task,
                                 commands::prompt(call.workspace(), *selected.view, selected.task));
}

}  // namespace

const Tool task_prompt_tool{
    "task_prompt",
    "Write a worker's prompt",
    "The instructions for a task's worker. Call it to spawn a worker for a task that was started "
    "by create_worktree; start_wave returns the prompts itself.",
    {.read_only = true},
    {{"task_id",
      Type::id,
      Needed::no,
      "The task or its branch; without it, that of the worktree which the server runs in",
      R"("001")",
      {}},
     plan_branch_parameter(),
     fetch_parameter()},
    run};

}  // namespace gitplan::mcp
