#include <nlohmann/json.hpp>

#include "commands/plan/clean.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"

namespace gitplan::mcp {
namespace {

Json run(Call& call) {
  commands::CleanRequest request;
  if (call.arguments().flag("dry_run")) request.doing = commands::CleanRequest::Doing::dry_run;
  if (call.arguments().flag("force")) request.branches = commands::CleanRequest::Branches::all;
  return to_json(commands::clean_plans(call.workspace(), request));
}

}  // namespace

const Tool clean_plans_tool{
    "clean_plans",
    "Clean up finished plans",
    "Of finished plans: take the tasks' metadata out of the flow branch, delete the task branches "
    "that flow holds, and drop old attempts and rescued work. The plans stay, and say what was "
    "done. "
    "Call it when finished work has been delivered and nothing of it is to be done over. No "
    "worktree is touched.",
    {.destructive = true, .idempotent = true},
    {plan_branch_parameter(),
     {"dry_run", Type::flag, Needed::no, "Only say what would be done", "true", {}},
     {"force",
      Type::flag,
      Needed::no,
      "Delete task branches too of which the flow branch lacks commits",
      "true",
      {}}},
    run};

}  // namespace gitplan::mcp
