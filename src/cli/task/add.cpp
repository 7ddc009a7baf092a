#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/task/verbs.hpp"
#include "commands/plan/update.hpp"
#include "session/select.hpp"

namespace gitplan::cli {
namespace {

/// Likely a variable that nobody set.
void refuse_empty_paths(const std::vector<std::string>& paths) {
  if (std::ranges::none_of(paths, [](const auto& path) { return text::trim(path).empty(); }))
    return;
  throw Error(ErrorKind::usage, "option '--files' is given nothing",
              Hint{"to see how it is used, run: git task add -h"});
}

Task task_of(const Arguments& arguments) {
  Task task;
  task.description = arguments.words.front();
  task.id = arguments.value("id").value_or("");
  if (arguments.has("id") && task.id.empty()) {
    throw Error(ErrorKind::fatal, "'' is no task id: 3 to 6 digits",
                Hint{"leave --id out to get the next free one: git task add '<description>'"});
  }
  task.preconditions = arguments.list("needs");
  task.provides = arguments.list("provides");
  task.depends_on = arguments.list("after");
  task.files = arguments.list("files");
  refuse_empty_paths(task.files);
  if (const auto estimate = arguments.value("estimate"); estimate && !estimate->empty())
    task.estimated_time = commands::require_estimate(*estimate);
  task.slug = arguments.value("slug");
  task.details = arguments.value("details");
  task.test_strategy = arguments.value("test-strategy");
  task.agent = arguments.value("agent");
  if (const auto priority = arguments.value("priority"))
    task.priority = commands::require_priority(*priority);
  return task;
}

int run(Invocation& invocation) {
  commands::UpdateRequest request;
  request.add.push_back(task_of(invocation.arguments()));
  const auto view = select_plan(invocation.workspace(), Access::write);
  const auto result = commands::update_plan(invocation.workspace(), view->session(), request);
  const std::string id = result.added.empty() ? request.add.front().id : result.added.front();
  return invocation.answer([&](const Style&) { return id + "\n"; },
                           [&] {
                             auto object = to_json(result);
                             object["task_id"] = id;
                             return object;
                           });
}

}  // namespace

const Verb task_add_verb{
    "add",
    "add a task to the plan",
    "<description>",
    1,
    1,
    {{0, "id", Takes::value, "<id>", "3 to 6 digits (default: the next free one)"},
     {0, "needs", Takes::list, "<capability>", "a precondition; may be given again"},
     {0, "provides", Takes::list, "<capability>", "what it provides; may be given again"},
     {0, "after", Takes::id_list, "<id>", "tasks that must be completed before"},
     {0, "files", Takes::list, "<path>", "a file, folder or glob it will touch"},
     {0, "estimate", Takes::value, "<time>", "such as '8 minutes' or 1h30m"},
     {0, "priority", Takes::value, "<priority>", "critical, high, medium or low"},
     {0, "slug", Takes::value, "<slug>", "the end of its branch name"},
     {0, "details", Takes::value, "<text>", "what its worker needs to know beyond this"},
     {0, "test-strategy", Takes::value, "<text>", "how it is known to work"},
     {0, "agent", Takes::value, "<agent>", "the kind of worker it wants"}},
    run};

}  // namespace gitplan::cli
