#include "commands/wave/blocked.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/text.hpp"
#include "session/task_object.hpp"
#include "session/workspace.hpp"

namespace gitplan::commands {
namespace {

std::string why_failed(const Task& task) {
  const std::string said = (task.needs_decision ? task.question : task.reason).value_or("");
  if (task.needs_decision) return said.empty() ? "needs a decision" : "needs a decision: " + said;
  return said.empty() ? "no reason given" : said;
}

std::string who_has(const PlanView& view, TaskIndex index) {
  const Slot* slot = view.slot(index);
  return slot == nullptr ? "" : fmt::format("with worker {}", slot->number);
}

/// Empty: nothing keeps it from starting.
std::string why_pending(const PlanView& view, const NextWave& next, TaskIndex index) {
  const auto held = std::ranges::find(next.next.held_back, index, &schedule::HeldBack::task);
  if (held != next.next.held_back.end()) return "held back: " + gitplan::describe(*held);
  if (std::ranges::find(next.unapproved, index) != next.unapproved.end())
    return "waiting for approval";
  const std::string waiting = describe_blockers(view, index);
  if (!waiting.empty()) return "waiting for " + waiting;
  return view.plan().hold.empty() ? "" : "on hold: " + view.plan().hold;
}

/// Nothing for one that is over, or can start.
std::optional<std::string> why_not(const PlanView& view, const NextWave& next, TaskIndex index) {
  switch (view.status(index)) {
    case Status::failed:
      return why_failed(view.task(index));
    case Status::in_progress:
      if (view.done_at(index)) return spoken(view, index);
      if (!view.is_free(index)) return who_has(view, index);
      break;
    case Status::pending:
      break;
    case Status::completed:
    case Status::cancelled:
      return std::nullopt;
  }
  std::string why = why_pending(view, next, index);
  return why.empty() ? std::nullopt : std::optional(std::move(why));
}

/// The first lines of all that is blocked.
void note_blocked(const Workspace& workspace, const std::vector<Blocked>& blocked) {
  constexpr std::size_t most = 5;
  for (std::size_t i = 0; i < std::min(blocked.size(), most); ++i)
    workspace.note(fmt::format("  {}  {}", text::printable(blocked[i].id), describe(blocked[i])));
  if (blocked.size() > most) workspace.note(fmt::format("  and {} more", blocked.size() - most));
}

bool has_any(const std::vector<std::string>& of, const std::vector<std::string>& words) {
  return std::ranges::any_of(
      words, [&](const std::string& word) { return std::ranges::find(of, word) != of.end(); });
}

/// A task that is given up, and what an open one waits for.
bool is_missed(const PlanView& view, TaskIndex given_up) {
  const Task& task = view.task(given_up);
  for (TaskIndex i = 0; i < view.size(); ++i) {
    if (view.status(i) != Status::pending) continue;
    if (has_any(view.task(i).depends_on, {task.id}) ||
        has_any(task.provides, view.task(i).preconditions))
      return true;
  }
  return false;
}

/// The first task that a reset would get going again: a failed one before what was given up.
std::optional<TaskIndex> to_reset(const PlanView& view) {
  std::optional<TaskIndex> missed;
  for (TaskIndex i = 0; i < view.size(); ++i) {
    if (view.status(i) == Status::failed) return i;
    if (!missed && view.status(i) == Status::cancelled && is_missed(view, i)) missed = i;
  }
  return missed;
}

/// What gets a stuck plan going again.
void hint_at_way_out(const Workspace& workspace, const PlanView& view) {
  if (view.size() == 0) return workspace.hint("to add a task, run: git task add '<description>'");
  const auto task = to_reset(view);
  if (!task) return workspace.hint("to see all that is wrong, run: git plan check");
  const std::string id = text::shell_quote(text::printable(view.task(*task).id));
  const bool asks = view.status(*task) == Status::failed && view.task(*task).needs_decision;
  workspace.hint(
      asks ? fmt::format("to answer and start it over, run: git task reset {} -m '<answer>'", id)
           : fmt::format("to start it over, run: git task reset {}", id));
}

/// Who works on what is under way, or how what is done gets on.
void hint_at_running(const Workspace& workspace, const PlanView& view) {
  std::optional<TaskIndex> done;
  bool at_work = false;
  for (TaskIndex i = 0; i < view.size(); ++i) {
    if (view.done_at(i) && !done) done = i;
    at_work = at_work || (view.status(i) == Status::in_progress && !view.done_at(i));
  }
  if (done) {
    workspace.hint(fmt::format("to merge what is done, run: git task done {}",
                               text::printable(view.task(*done).id)));
  }
  if (at_work || !done) workspace.hint("to see who works on what, run: git wave status");
}

std::string how_it_ended(const PlanView& view) {
  const auto cancelled = view.count(Status::cancelled);
  if (cancelled == 0) return "all tasks are completed";
  return cancelled == static_cast<int>(view.size()) ? "all tasks are cancelled"
                                                    : "all tasks are completed or cancelled";
}

}  // namespace

std::vector<Blocked> blocked_tasks(const PlanView& view, const NextWave& next) {
  std::vector<Blocked> blocked;
  for (TaskIndex i = 0; i < view.size(); ++i) {
    if (auto why = why_not(view, next, i))
      blocked.push_back(
          {view.task(i).id, view.status(i), *std::move(why), view.done_at(i).has_value()});
  }
  return blocked;
}

Json blocked_objects(const std::vector<Blocked>& blocked) {
  Json list = Json::array();
  for (const Blocked& one : blocked) {
    list.push_back(Json{{"id", one.id}, {"status", to_string(one.status)}, {"reason", one.reason}});
  }
  return list;
}

std::string describe(const Blocked& blocked) {
  const std::string reason = text::printable(blocked.reason);
  if (blocked.status == Status::failed) return "failed: " + reason;
  if (blocked.status != Status::in_progress || blocked.done || reason.starts_with("held back"))
    return reason;
  return reason.empty() ? "in progress" : "in progress " + reason;
}

void say_why_nothing(const Workspace& workspace, const PlanView& view, const NextWave& next) {
  if (!next.next.tasks.empty()) return;
  const schedule::State state = view.state();
  if (state == schedule::State::completed) return workspace.note(how_it_ended(view));
  const Plan& plan = view.plan();
  if (!plan.hold.empty()) {
    workspace.note("the plan is on hold: " + text::printable(text::fold_space(plan.hold)));
    return workspace.hint("to let it go on, run: git plan update --set hold=");
  }
  if (state == schedule::State::stuck) {
    workspace.note(schedule::stuck_reason(view.graph(), view.progress()));
  } else if (next.unapproved.empty()) {
    workspace.note("nothing can start now:");
  }
  if (next.unapproved.empty()) note_blocked(workspace, blocked_tasks(view, next));
  if (state == schedule::State::stuck) return hint_at_way_out(workspace, view);
  if (next.unapproved.empty()) hint_at_running(workspace, view);
}

}  // namespace gitplan::commands
