#include <nlohmann/json.hpp>

#include "commands/plan/deliver.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"

namespace gitplan::mcp {
namespace {

Json run(Call& call) {
  const Arguments& arguments = call.arguments();
  commands::DeliverRequest request;
  request.into = arguments.text("into");
  if (arguments.flag("squash")) request.joined = Joined::squash;
  request.message = arguments.text("message").value_or("");
  const auto result = commands::deliver_flow(call.workspace(), request);
  return to_json(call.workspace(), result);
}

}  // namespace

const Tool deliver_flow_tool{
    "deliver_flow",
    "Deliver flow",
    "Merge the flow branch into the branch that it came from (or into another), without the tasks' "
    "metadata. Call it when the work that is in flow is to go to the main branch; again after more "
    "of it, only what is new is delivered. \"success\": false with conflicts means that nothing "
    "was "
    "merged: bring that branch into flow with merge_into_flow first.",
    {.idempotent = true},
    {{"into",
      Type::text,
      Needed::no,
      "The branch to deliver into; without it, the one that flow came from",
      R"("main")",
      {}},
     {"squash", Type::flag, Needed::no, "Make one plain commit of it, not a merge", "true", {}},
     {"message",
      Type::text,
      Needed::no,
      "What was built, for the commit's message; the tasks are listed below it",
      R"("Add user authentication")",
      {}},
     plan_branch_parameter()},
    run};

}  // namespace gitplan::mcp
