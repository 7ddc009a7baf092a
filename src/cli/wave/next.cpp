#include <nlohmann/json.hpp>

#include "cli/invocation.hpp"
#include "cli/task_text.hpp"
#include "cli/wave/verbs.hpp"
#include "commands/plan/show.hpp"
#include "commands/wave/blocked.hpp"
#include "session/approval.hpp"
#include "session/missing_work.hpp"
#include "session/select.hpp"

namespace gitplan::cli {
namespace {

/// Every unfinished task that cannot start, with the reason.
std::string explanation(const PlanView& view, const commands::NextWave& next, const Style& style) {
  Table table;
  for (const auto& one : commands::blocked_tasks(view, next))
    table.row({Cell::plain(one.id), Cell::plain(describe(one))});
  return table.empty() ? "" : "\n" + table.text(style);
}

int run(Invocation& invocation) {
  auto& workspace = invocation.workspace();
  const auto& view = Invocation::keep(select_plan(workspace, Access::read));
  warn_of_missing_work(workspace, view);
  const auto next = commands::next_wave(workspace, view);
  const bool explain = invocation.arguments().has("explain");
  std::vector<std::string> unapproved;
  for (const TaskIndex task : next.unapproved) unapproved.push_back(view.task(task).id);
  say_unapproved(workspace, unapproved);
  if (invocation.format() == Format::text) commands::say_why_nothing(workspace, view, next);
  const int status = invocation.arguments().has("exit-code") && next.next.tasks.empty() ? 1 : 0;
  return invocation.answer(
      [&](const Style& style) {
        Table table;
        for (const TaskIndex task : next.next.tasks) table.row(task_row(view, task, style));
        return table.text(style) + (explain ? explanation(view, next, style) : "");
      },
      [&] { return to_json(view, next, explain ? commands::Explain::yes : commands::Explain::no); },
      status);
}

}  // namespace

const Verb wave_next_verb{"next",
                          "list the tasks that can start now, best first",
                          "",
                          0,
                          0,
                          {{0, "exit-code", Takes::nothing, "", "exit with 1 if there is none"},
                           {0, "explain", Takes::nothing, "", "say why the others cannot start"}},
                          run};

}  // namespace gitplan::cli
