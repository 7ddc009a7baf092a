#include <nlohmann/json.hpp>

#include "commands/plan/update.hpp"
#include "commands/plan/version_word.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"

namespace gitplan::mcp {
namespace {

commands::UpdateRequest request_of(const Arguments& arguments) {
  commands::UpdateRequest request;
  request.complete = arguments.list("completed_task_ids");
  request.fail = arguments.list("failed_task_ids");
  request.cancel = arguments.list("cancelled_task_ids");
  request.reason = arguments.text("reason").value_or("");
  request.needs_decision = arguments.flag("needs_decision");
  if (arguments.has("new_tasks")) {
    commands::add_tasks(request, {"new_tasks", R"({"tasks": )" + arguments.json("new_tasks") + "}",
                                  json_io::Lines::none});
  }
  request.note = arguments.text("architecture_updates");
  if (const auto version = arguments.text("expected_version"))
    request.expected_version = commands::parse_version(*version);
  return request;
}

Json run(Call& call) {
  const commands::UpdateRequest request = request_of(call.arguments());
  const auto view = call.select_plan(Access::write);
  return to_json(commands::update_plan(call.workspace(), view->session(), request));
}

Parameter ids(std::string_view name, std::string_view description, std::string_view example) {
  return {name, Type::ids, Needed::no, description, example, {}};
}

}  // namespace

const Tool update_plan_branch_tool{
    "update_plan_branch",
    "Update a plan",
    "Make one new version of the plan: tasks completed, tasks added, what was learned. Call it "
    "after each wave, and to add tasks on the way.",
    {},
    {plan_branch_parameter(),
     ids("completed_task_ids", "Tasks to record as completed", R"(["001", "002"])"),
     {"new_tasks",
      Type::new_tasks,
      Needed::no,
      "Tasks to add; one without an id gets the next free one",
      R"([{"id": "006", "description": "Add payment", "preconditions": ["AuthService.login"], "provides": ["PaymentService"], "files": ["services/payment.py"], "estimated_time": "10 minutes"}])",
      {}},
     {"architecture_updates",
      Type::text,
      Needed::no,
      "What was learned, kept with this version",
      R"("Wave 1 learnings: bcrypt cost 12, unique email index added")",
      {}},
     ids("failed_task_ids", "Tasks to record as failed", R"(["003"])"),
     ids("cancelled_task_ids", "Tasks to give up", R"(["005"])"),
     {"reason",
      Type::text,
      Needed::no,
      "Why they failed or were given up",
      R"("The API has no such call")",
      {}},
     {"expected_version",
      Type::id,
      Needed::no,
      "The version that you saw; refused if there is a newer one",
      R"("v2")",
      {}},
     {"needs_decision", Type::flag, Needed::no, "The failed tasks wait for the user", "true", {}}},
    run};

}  // namespace gitplan::mcp
