#include <nlohmann/json.hpp>

#include "commands/plan/check.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"

namespace gitplan::mcp {
namespace {

Json run(Call& call) {
  const Arguments& arguments = call.arguments();
  if (arguments.has("draft")) {
    return to_json(commands::check(call.workspace(),
                                   {"draft", arguments.json("draft"), json_io::Lines::none}));
  }
  const auto view = call.select_plan(Access::read);
  return to_json(commands::check(call.workspace(), *view));
}

}  // namespace

const Tool check_plan_tool{
    "check_plan",
    "Check a plan",
    "List all errors and warnings of a plan, or of a draft before create_plan_branch: cycles, "
    "preconditions that nobody provides, files that overlap.",
    {.read_only = true},
    {plan_branch_parameter(),
     {"draft",
      Type::draft,
      Needed::no,
      "A plan that is not created yet",
      R"({"tasks": [{"id": "001", "description": "Create User model"}]})",
      {}},
     fetch_parameter()},
    run};

}  // namespace gitplan::mcp
