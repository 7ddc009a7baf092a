#include <nlohmann/json.hpp>

#include "commands/task/reset.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"

namespace gitplan::mcp {
namespace {

Json run(Call& call) {
  commands::ResetRequest request;
  request.task = call.arguments().text("task_id");
  request.answer = call.arguments().text("answer").value_or("");
  if (call.arguments().flag("force")) request.claimed = commands::ClaimedTask::start_over;
  return to_json(commands::reset_task(call.workspace(), request));
}

}  // namespace

const Tool reset_task_tool{
    "reset_task",
    "Start a task over",
    "Make a task pending again: its worktree goes (unsaved work is rescued), its old branch is "
    "kept "
    "aside. Call it when a task has failed and is to be tried again; with the user's answer where "
    "it needed a decision.",
    {.destructive = true, .idempotent = true},
    {{"task_id",
      Type::id,
      Needed::no,
      "The task or its branch; without it, that of the worktree which the server runs in",
      R"("001")",
      {}},
     plan_branch_parameter(),
     {"answer",
      Type::text,
      Needed::no,
      "The answer to the question that it failed with; the next worker is told",
      R"("PostgreSQL, as for the orders")",
      {}},
     {"force",
      Type::flag,
      Needed::no,
      "Even if another machine has it (false if not given)",
      "true",
      {}}},
    run};

}  // namespace gitplan::mcp
