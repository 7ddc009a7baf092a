#include <nlohmann/json.hpp>

#include "commands/plan/merge.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"

namespace gitplan::mcp {
namespace {

/// What to verify with is no parameter: a client that may call this tool may not run programs.
Json run(Call& call) {
  const auto result = commands::merge_commit_into_flow(
      call.workspace(), {call.arguments().text("commit").value_or(""), std::nullopt});
  return to_json(result);
}

}  // namespace

const Tool merge_into_flow_tool{
    "merge_into_flow",
    "Merge into flow",
    "Merge any commit, such as the branch that the flow branch came from, into the flow branch. "
    "Call "
    "it when a note says that flow lacks commits of that branch. A task's branch is merged by "
    "complete_task instead. \"success\": false with conflicts means that nothing was merged.",
    {.idempotent = true},
    {{"commit", Type::text, Needed::yes, "A branch, a tag or a commit id", R"("main")", {}},
     plan_branch_parameter()},
    run};

}  // namespace gitplan::mcp
