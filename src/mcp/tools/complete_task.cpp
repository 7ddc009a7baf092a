#include <nlohmann/json.hpp>

#include "commands/task/done.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"

namespace gitplan::mcp {
namespace {

/// What to verify with is no parameter: a client that may call this tool may not run programs.
Json run(Call& call) {
  const Arguments& arguments = call.arguments();
  commands::DoneRequest request;
  request.task = arguments.text("task_id");
  request.message = arguments.text("message").value_or("");
  if (arguments.flag("allow_empty")) request.empty = Empty::merge;
  if (arguments.flag("remove_worktree")) request.after = commands::AfterMerge::remove_worktree;
  const auto result = commands::finish_task(call.workspace(), request);
  return to_json(result);
}

}  // namespace

const Tool complete_task_tool{
    "complete_task",
    "Complete a task",
    "Merge a task's branch into the flow branch and record it as completed. A worker calls it when "
    "everything is committed. \"told\": true means that the run which has the task merges it when "
    "the worker ends. \"success\": false with conflicts means that nothing was merged: "
    "merge the flow branch into the task's branch, resolve, commit, call it again.",
    {.idempotent = true},
    {{"task_id",
      Type::id,
      Needed::no,
      "The task or its branch; without it, that of the worktree which the server runs in",
      R"("001")",
      {}},
     plan_branch_parameter(),
     {"message",
      Type::text,
      Needed::no,
      "What was done; it stands in the merge message and the report",
      R"("18 tests pass")",
      {}},
     {"allow_empty",
      Type::flag,
      Needed::no,
      "Complete it though its branch has no commit of its own",
      "true",
      {}},
     {"remove_worktree", Type::flag, Needed::no, "Remove the worker's worktree too", "true", {}}},
    run};

}  // namespace gitplan::mcp
