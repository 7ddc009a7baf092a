#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/task_text.hpp"
#include "cli/wave/verbs.hpp"
#include "commands/plan/show.hpp"
#include "session/approval.hpp"
#include "session/missing_work.hpp"
#include "session/select.hpp"
#include "session/task_object.hpp"

namespace gitplan::cli {
namespace {

/// Every unfinished task that cannot start, with the reason.
std::string explanation(const PlanView& view, const commands::NextWave& next, const Style& style) {
  Table table;
  for (const auto& held : next.next.held_back) {
    table.row({Cell::plain(view.task(held.task).id), Cell::plain("held back: " + describe(held))});
  }
  for (const TaskIndex task : next.unapproved)
    table.row({Cell::plain(view.task(task).id), Cell::plain("waiting for approval")});
  for (TaskIndex i = 0; i < view.size(); ++i) {
    const std::string waiting = describe_blockers(view, i);
    if (!waiting.empty())
      table.row(
          {Cell::plain(view.task(i).id), Cell::plain(fmt::format("waiting for {}", waiting))});
    if (view.status(i) == Status::failed) {
      table.row({Cell::plain(view.task(i).id),
                 Cell::plain("failed: " + view.task(i).reason.value_or("no reason given"))});
    }
    if (view.status(i) == Status::in_progress && !view.is_free(i)) {
      const Slot* slot = view.slot(i);
      table.row(
          {Cell::plain(view.task(i).id),
           Cell::plain(slot == nullptr ? "in progress"
                                       : fmt::format("in progress with worker {}", slot->number))});
    }
  }
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
