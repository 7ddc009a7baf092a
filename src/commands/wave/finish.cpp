#include "commands/wave/finish.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/wave/live_worker.hpp"
#include "session/branch_work.hpp"
#include "session/guard.hpp"
#include "session/missing_work.hpp"
#include "session/next_tasks.hpp"
#include "session/select_tasks.hpp"
#include "session/settled_claims.hpp"
#include "session/task_object.hpp"
#include "session/workspace.hpp"

namespace gitplan::commands {
namespace {

/// Recorded completed, but flow took it back: its branch is not merged again as it is.
bool was_reverted(const Workspace& workspace, const PlanView& view, TaskIndex index) {
  if (view.status(index) != Status::completed || view.in_flow(index)) return false;
  const auto missing = missing_work(workspace, view);
  const auto found = std::ranges::find(missing, index, &MissingWork::task);
  return found != missing.end() && found->how == Departure::revert;
}

/// What brings a task on that is not merged, as it stands.
std::string way_on(const Workspace& workspace, const PlanView& view, TaskIndex index) {
  const std::string& id = view.task(index).id;
  if (was_reverted(workspace, view, index))
    return fmt::format("to start it over, run: git task reset {}", id);
  switch (view.status(index)) {
    case Status::failed:
      return fmt::format("to start it over, run: git task reset {}", id);
    case Status::cancelled:
      return fmt::format("to remove its worktree, run: git wave finish -f {}", id);
    case Status::pending:
      return fmt::format("to start it, run: git task start {}", id);
    case Status::in_progress:
    case Status::completed:
      break;
  }
  return view.task_branch(index) == nullptr ? fmt::format("to see it, run: git task show {}", id)
                                            : fmt::format("to merge it, run: git task done {}", id);
}

std::string why_unmerged(const PlanView& view, TaskIndex index) {
  if (!view.is_merged(index)) return fmt::format("it is {}", spoken(view, index));
  return fmt::format("'{}' has commits that '{}' lacks",
                     text::printable(view.task_branch(index)->name),
                     text::printable(view.plan().flow_branch));
}

std::vector<TaskIndex> named_tasks(const Workspace& workspace, const PlanView& view,
                                   const FinishRequest& request) {
  std::vector<TaskIndex> named;
  for (const auto& word : request.tasks) {
    const TaskIndex index = require_named_task(view, word);
    if (request.force == Force::no && !is_all_merged(workspace, view, index)) {
      throw Error(ErrorKind::wrong_state,
                  fmt::format("task '{}' is not merged: {}", view.task(index).id,
                              why_unmerged(view, index)),
                  Hint{way_on(workspace, view, index)})
          .with_code("not_merged");
    }
    const Slot* slot = view.slot(index);
    if (request.force == Force::no && slot != nullptr) refuse_live_worker(workspace, slot->number);
    named.push_back(index);
  }
  return named;
}

/// A slot that cannot be looked into is told of when it is removed.
bool is_dirty(const Workspace& workspace, const Slot& slot) try {
  return slot.state != Slot::State::half_made && workspace.slots().dirty(slot);
} catch (const Error&) {
  return false;
}

/// What the slot of a merged task has that flow lacks; empty: nothing.
std::string unmerged_work(const Workspace& workspace, const PlanView& view, TaskIndex index,
                          const Slot& slot) {
  if (!is_all_merged(workspace, view, index))
    return fmt::format("{}; {}", why_unmerged(view, index), way_on(workspace, view, index));
  if (const auto stray = stray_work(workspace, view, index, slot)) {
    return fmt::format("what '{}' has checked out, {}, is not in '{}'", slot.path,
                       stray->abbreviated(), text::printable(view.plan().flow_branch));
  }
  if (is_dirty(workspace, slot)) return fmt::format("'{}' has uncommitted changes", slot.path);
  return "";
}

/// True where the worktree of a merged task may go though nobody named it. Says why not.
bool may_go(Workspace& workspace, const PlanView& view, TaskIndex index, const Slot& slot) {
  const std::string& id = view.task(index).id;
  const auto worker = live_worker(workspace, view, index);
  const std::string work = worker && worker->worker == slot.number
                               ? fmt::format("worker {} of a run is at it still", slot.number)
                               : unmerged_work(workspace, view, index, slot);
  if (work.empty()) return true;
  workspace.warn({Severity::warning, "unmerged_work",
                  fmt::format("task '{}' is merged, but {}", id, work), id, std::nullopt});
  return false;
}

/// The slots to remove, and the ids of those that stay because something in them is not merged.
std::vector<Slot> slots_to_remove(Workspace& workspace, const PlanView& view,
                                  const std::vector<TaskIndex>& named,
                                  std::vector<std::string>& unmerged) {
  std::vector<Slot> slots;
  for (const Slot& slot : view.slots()) {
    const auto index = view.task_of(slot);
    if (!index) continue;
    const bool is_named = std::find(named.begin(), named.end(), *index) != named.end();
    const bool merged = view.is_merged(*index);
    if (is_named || (merged && named.empty() && may_go(workspace, view, *index, slot))) {
      slots.push_back(slot);
    } else if (!merged || named.empty()) {
      unmerged.push_back(view.task(*index).id);
    }
  }
  return slots;
}

/// Merged tasks of this plan that its record did not have yet, or whose worktree goes now.
std::vector<std::string> completed_by(const PlanView& view, const std::vector<Slot>& slots) {
  std::set<std::optional<TaskIndex>> cleaned;
  for (const Slot& slot : slots) cleaned.insert(view.task_of(slot));
  std::vector<std::string> completed;
  for (TaskIndex i = 0; i < view.size(); ++i) {
    const bool goes = cleaned.contains(i);
    if (!(goes ? view.is_merged(i) : view.in_flow(i))) continue;
    if (goes || view.task(i).status != Status::completed) completed.push_back(view.task(i).id);
  }
  return completed;
}

void say_what_is_next(const Workspace& workspace, const PlanView& after, FinishResult& result) {
  for (const TaskIndex index :
       next_tasks(workspace, after, schedule::Overlapping::hold_back).tasks) {
    result.next.push_back(after.task(index).id);
  }
  result.state = after.state();
  result.total_tasks = static_cast<int>(after.size());
  result.completed_tasks = after.count(Status::completed);
  const std::string stuck = schedule::stuck_reason(after.graph(), after.progress());
  if (!stuck.empty()) workspace.note(stuck);
}

}  // namespace

FinishResult finish_wave(Workspace& workspace, const FinishRequest& request) {
  workspace.begin_write();
  const auto view = select_plan_of_tasks(workspace, Access::write, request.tasks);
  const auto named = named_tasks(workspace, *view, request);
  FinishResult result;
  result.session = view->session();
  const auto slots = slots_to_remove(workspace, *view, named, result.unmerged);
  result.completed = completed_by(*view, slots);
  const auto write = write_plan(workspace, view->session(),
                                fmt::format("Complete {}", text::join(result.completed, ", ")),
                                [](const EditContext& context) { return context.current.plan; });
  result.version = write.stored.plan.version;
  std::optional<Error> first_failure;
  for (const Slot& slot : slots) {
    try {
      workspace.slots().remove(slot, workspace.settings().hooks);
      result.removed_worktrees.push_back(slot.path);
    } catch (const Error& error) {
      workspace.warn({Severity::warning, "not_removed",
                      fmt::format("'{}' stays: {}", slot.path, error.what()), "", std::nullopt});
      if (!first_failure) first_failure = error;
    }
  }
  if (first_failure && result.removed_worktrees.empty()) throw *first_failure;
  end_settled_claims(workspace, view->session());
  say_what_is_next(workspace, PlanView(workspace, write.stored), result);
  result.warnings = workspace.warnings();
  return result;
}

Json to_json(const FinishResult& result) {
  Json object = new_object();
  object["success"] = true;
  object["plan_branch"] = plan_branch_text(result.session);
  object["completed"] = result.completed;
  object["unmerged"] = result.unmerged;
  object["removed_worktrees"] = result.removed_worktrees;
  object["plan_version"] = version_text(result.version);
  object["state"] = schedule::to_string(result.state);
  object["total_tasks"] = result.total_tasks;
  object["completed_tasks"] = result.completed_tasks;
  object["next"] = result.next;
  object["warnings"] = to_json(result.warnings);
  return object;
}

}  // namespace gitplan::commands
