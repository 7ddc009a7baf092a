#include <nlohmann/json.hpp>

#include "commands/task/settle.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"

namespace gitplan::mcp {
namespace {

Json run(Call& call) {
  const Arguments& arguments = call.arguments();
  commands::SettleRequest request;
  request.task = arguments.text("task_id");
  request.reason = arguments.text("reason").value_or("");
  request.needs_decision = arguments.flag("needs_decision");
  return to_json(commands::settle_task(call.workspace(), request));
}

}  // namespace

const Tool fail_task_tool{
    "fail_task",
    "Record a task as failed",
    "Record that a task cannot be done as it is, with the reason, or with the question that only "
    "the user can answer. A worker calls it instead of complete_task; reset_task starts the task "
    "over.",
    {.idempotent = true},
    {{"task_id",
      Type::id,
      Needed::no,
      "The task or its branch; without it, that of the worktree which the server runs in",
      R"("001")",
      {}},
     plan_branch_parameter(),
     {"reason",
      Type::text,
      Needed::no,
      "Why, or the question",
      R"("Which database is it to be?")",
      {}},
     {"needs_decision", Type::flag, Needed::no, "It waits for the user's answer", "true", {}}},
    run};

}  // namespace gitplan::mcp
