#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "commands/plan/update.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"
#include "plan/ids.hpp"
#include "session/task_branch.hpp"

namespace gitplan::mcp {
namespace {

/// "v1", also where only the number was given.
std::string version_word(const std::string& word) {
  const bool is_number = !word.empty() && std::all_of(word.begin(), word.end(), [](char digit) {
    return digit >= '0' && digit <= '9';
  });
  return is_number ? "v" + word : word;
}

TaskFields fields_of(const Arguments& arguments) {
  TaskFields fields;
  fields.description = arguments.text("description");
  fields.preconditions = arguments.optional_list("preconditions");
  fields.provides = arguments.optional_list("provides");
  fields.depends_on = arguments.optional_list("depends_on");
  fields.enables = arguments.optional_list("enables");
  fields.parallel_with = arguments.optional_list("parallel_with");
  fields.files = arguments.optional_list("files");
  fields.completed_tasks = arguments.optional_list("completed_tasks");
  fields.details = arguments.text("details");
  fields.test_strategy = arguments.text("test_strategy");
  fields.agent = arguments.text("agent");
  fields.estimated_time = arguments.text("estimated_time");
  if (const auto word = arguments.text("priority"))
    fields.priority = commands::require_priority(*word);
  fields.session_goal = arguments.text("session_goal");
  if (const auto word = arguments.text("plan_version")) fields.plan_version = version_word(*word);
  return fields;
}

/// A task that the plan does not have yet is one that the agent can add.
[[noreturn]] void refuse(const Error& error, const PlanView& view, const std::string& task) {
  const bool is_unknown = task_number(task) && !view.plan().find(task);
  if (!is_unknown) throw error;
  std::vector<Hint> hints = error.hints();
  const std::string way_out = "to add it to the plan, call: update_plan_branch with new_tasks";
  hints.push_back(Hint{way_out});
  throw Error(error.kind(), error.messages(), std::move(hints)).with_code(error.code());
}

Json run(Call& call) {
  const Arguments& arguments = call.arguments();
  CreateTaskRequest request;
  request.task = arguments.text("task_id");
  request.slug = arguments.text("branch_slug");
  if (arguments.flag("force")) request.unready = Unready::start_anyway;
  request.fields = fields_of(arguments);
  try {
    return to_json(create_task(call.workspace(), request));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::not_found) throw;
    refuse(error, *call.select_plan(Access::read), *request.task);
  }
}

Parameter text(std::string_view name, std::string_view description, std::string_view example) {
  return {name, Type::text, Needed::no, description, example, {}};
}

Parameter texts(std::string_view name, std::string_view description, std::string_view example) {
  return {name, Type::texts, Needed::no, description, example, {}};
}

Parameter ids(std::string_view name, std::string_view description, std::string_view example) {
  return {name, Type::ids, Needed::no, description, example, {}};
}

}  // namespace

const Tool create_task_branch_tool{
    "create_task_branch",
    "Create a task branch",
    "Create the branch of a task of the plan, with its metadata. What is not given comes from the "
    "plan. Call it for each ready task of a wave, then create_worktree; start_wave does both.",
    {.idempotent = true},
    {{"task_id", Type::id, Needed::yes, "The task", R"("001")", {}},
     text("branch_slug", "The end of the branch name: lower-case words joined by '-'",
          R"("user-model")"),
     text("description", "What to do", R"("Create User model with email/password")"),
     texts("preconditions", "Capabilities that it needs", R"(["User model class"])"),
     texts("provides", "Capabilities that it adds", R"(["AuthService.login"])"),
     texts("files", "Files that it touches", R"(["services/auth.py"])"),
     text("session_goal", "What the session is for", R"("Add user authentication with JWT")"),
     session_parameter(),
     plan_branch_parameter(),
     {"plan_version", Type::id, Needed::no, "The plan's version that you saw", R"("v1")", {}},
     ids("depends_on", "Tasks that it waits for", R"(["001"])"),
     ids("enables", "Tasks that wait for it", R"(["004"])"),
     ids("parallel_with", "Tasks that run beside it", R"(["003"])"),
     ids("completed_tasks", "Tasks completed so far", R"(["001"])"),
     text("details", "What its worker needs to know beyond the description",
          R"("Use bcrypt, cost 12")"),
     text("test_strategy", "How it is known to work", R"("A wrong password is refused")"),
     text("agent", "The kind of worker it wants", R"("fast")"),
     text("estimated_time", "How long it takes", R"("8 minutes")"),
     {"priority",
      Type::text,
      Needed::no,
      "How urgent it is",
      R"("high")",
      {"critical", "high", "medium", "low"}},
     {"force", Type::flag, Needed::no, "Also if the task is not ready", "true", {}}},
    run};

}  // namespace gitplan::mcp
