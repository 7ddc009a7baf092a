#include <nlohmann/json.hpp>

#include "commands/plan/approve.hpp"
#include "commands/plan/version_word.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"

namespace gitplan::mcp {
namespace {

Json run(Call& call) {
  const Arguments& arguments = call.arguments();
  commands::ApproveRequest request;
  request.note = arguments.text("note").value_or("");
  if (const auto version = arguments.text("plan_version"))
    request.expected_version = commands::parse_version(*version);
  const auto view = call.select_plan(Access::write);
  return to_json(commands::approve_plan(call.workspace(), view->session(), request));
}

}  // namespace

const Tool approve_plan_tool{
    "approve_plan",
    "Approve a plan",
    "Record that the user approves the plan as it is. Call it in the role of the user, or when the "
    "user has agreed; where plan.requireApproval is set, tasks start only after it.",
    {.idempotent = true},
    {plan_branch_parameter(),
     {"plan_version",
      Type::id,
      Needed::no,
      "The version that was read; refused if there is a newer one",
      R"("v1")",
      {}},
     {"note", Type::text, Needed::no, "What there is to say to it", R"("Go ahead")", {}}},
    run};

}  // namespace gitplan::mcp
