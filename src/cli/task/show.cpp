#include "commands/plan/show.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/task/verbs.hpp"
#include "cli/task_text.hpp"
#include "session/claiming.hpp"
#include "session/missing_work.hpp"
#include "session/select.hpp"
#include "session/task_object.hpp"

namespace gitplan::cli {
namespace {

void add(Table& table, std::string_view name, std::string_view value, const Style& style) {
  if (!value.empty()) table.row({Cell::painted(name, style.dim(name)), Cell::plain(value)});
}

void add_list(Table& table, std::string_view name, const std::vector<std::string>& values,
              const Style& style) {
  bool first = true;
  for (const auto& value : values) {
    table.row({first ? Cell::painted(name, style.dim(name)) : Cell::plain(""), Cell::plain(value)});
    first = false;
  }
}

void add_progress(Table& table, const PlanView& view, TaskIndex index,
                  const commands::TaskDetails& details, const Style& style) {
  const TaskBranch* branch = view.task_branch(index);
  if (branch == nullptr) return;
  add(table, "branch", branch->name, style);
  const std::string ahead =
      fmt::format("{} ahead of {}", text::count(details.commits_ahead, "commit", "commits"),
                  view.plan().flow_branch);
  add(table, "commits", ahead, style);
  if (details.last_commit) {
    add(table, "last commit",
        fmt::format("{} ({})", *details.last_commit, ago(details.last_commit_time, now())), style);
  }
  if (details.todo_total > 0)
    add(table, "todo", fmt::format("{} of {}", details.todo_done, details.todo_total), style);
}

std::string text_of(const PlanView& view, TaskIndex index, const commands::TaskDetails& details,
                    const Style& style) {
  const Task& task = view.task(index);
  const std::string word = progress_word(view, index);
  std::string text = fmt::format("{} {}\n\n", style.bold("Task " + text::printable(task.id)),
                                 style.status(view.status(index), word));
  text += paragraph("Description", task.description, style);
  text += paragraph("Details", task.details.value_or(""), style);
  text += paragraph("How it is known to work", task.test_strategy.value_or(""), style);
  Table table;
  add(table, "waiting for", describe_blockers(view, index), style);
  if (const schedule::HeldBack* held = view.held_back(index))
    add(table, "held back", describe(*held), style);
  const bool is_over =
      view.status(index) == Status::failed || view.status(index) == Status::cancelled;
  if (task.reason != task.question)
    add(table, is_over ? "reason" : "last time", task.reason.value_or(""), style);
  if (task.needs_decision && view.status(index) == Status::failed)
    add(table, "needs", "a decision", style);
  add(table, "question", task.question.value_or(""), style);
  add(table, "answer", task.answer.value_or(""), style);
  if (const int wave = view.waves().wave_of[index]; wave > 0)
    add(table, "wave", std::to_string(wave), style);
  add(table, "priority", to_string(task.effective_priority()), style);
  add(table, "estimate", task.estimated_time.value_or(""), style);
  add(table, "agent", task.agent.value_or(""), style);
  add(table, "part of", task.part_of.value_or(""), style);
  add_list(table, "needs", task.preconditions, style);
  add_list(table, "after", task.depends_on, style);
  add_list(table, "provides", task.provides, style);
  add_list(table, "files", task.files, style);
  if (const Slot* slot = view.slot(index)) add(table, "worktree", slot->path, style);
  if (const SeenClaim* claim = view.claimed_elsewhere(index))
    add(table, "claimed by", describe(*claim), style);
  add_progress(table, view, index, details, style);
  return text + table.text(style);
}

int run(Invocation& invocation) {
  const auto selected =
      select_task(invocation.workspace(), Access::read, invocation.arguments().word(0));
  warn_of_missing_work(invocation.workspace(), *selected.view);
  const auto details =
      commands::task_details(invocation.workspace(), *selected.view, selected.task);
  return invocation.answer(
      [&](const Style& style) { return text_of(*selected.view, selected.task, details, style); },
      [&] { return commands::task_show_object(*selected.view, selected.task, details); });
}

}  // namespace

const Verb task_show_verb{
    "show", "show one task, what it waits for and how far it is", "[<task>]", 0, 1, {}, run};

}  // namespace gitplan::cli
