#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/task/verbs.hpp"
#include "cli/task_text.hpp"
#include "commands/plan/show.hpp"
#include "session/missing_work.hpp"
#include "session/select.hpp"

namespace gitplan::cli {
namespace {

std::vector<Status> parse_statuses(const std::vector<std::string>& words) {
  const std::vector<std::string> known{"pending", "in_progress", "completed", "failed",
                                       "cancelled"};
  std::vector<Status> statuses;
  for (const auto& word : words) {
    const auto status = parse_status(word);
    if (!status) {
      const auto near = text::did_you_mean(word, known);
      throw Error(ErrorKind::usage,
                  fmt::format("'{}' is no status{}", text::printable(word),
                              near ? fmt::format("; did you mean '{}'?", *near) : ""),
                  Hint{"for example: git task list --status=in_progress"});
    }
    statuses.push_back(*status);
  }
  return statuses;
}

std::vector<Priority> parse_priorities(const std::vector<std::string>& words) {
  std::vector<Priority> priorities;
  for (const auto& word : words) {
    const auto priority = parse_priority(word);
    if (!priority) {
      throw Error(ErrorKind::usage, fmt::format("'{}' is no priority", text::printable(word)),
                  Hint{"for example: git task list --priority=high"});
    }
    priorities.push_back(*priority);
  }
  return priorities;
}

commands::TaskFilter filter_of(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments();
  commands::TaskFilter filter;
  filter.statuses = parse_statuses(arguments.list("status"));
  filter.ready_only = arguments.has("ready");
  filter.open_only = arguments.has("open");
  filter.priorities = parse_priorities(arguments.list("priority"));
  filter.words = arguments.value("grep").value_or("");
  if (const auto wave = invocation.number("wave", 1)) filter.waves = {*wave};
  return filter;
}

int run(Invocation& invocation) {
  const commands::TaskFilter filter = filter_of(invocation);
  const auto& view = Invocation::keep(select_plan(invocation.workspace(), Access::read));
  warn_of_missing_work(invocation.workspace(), view);
  const auto tasks = commands::list_tasks(view, filter);
  return invocation.answer(
      [&](const Style& style) {
        Table table;
        for (const TaskIndex task : tasks) table.row(task_row(view, task, style));
        return table.text(style);
      },
      [&] { return commands::task_list_object(view, tasks); });
}

}  // namespace

const Verb task_list_verb{
    "list",
    "list the tasks of the plan",
    "",
    0,
    0,
    {{0, "status", Takes::id_list, "<status>",
      "only those pending, in_progress, completed, failed or cancelled"},
     {0, "ready", Takes::nothing, "", "only those that are ready"},
     {0, "open", Takes::nothing, "", "only those that are not completed or cancelled"},
     {0, "wave", Takes::value, "<N>", "only those of that wave"},
     {0, "priority", Takes::id_list, "<priority>", "only those critical, high, medium or low"},
     {0, "grep", Takes::value, "<words>",
      "only those whose id, description, capabilities or files have them"}},
    run};

}  // namespace gitplan::cli
