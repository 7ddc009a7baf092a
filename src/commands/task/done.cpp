#include "commands/task/done.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/task/land_by_hand.hpp"
#include "commands/wave/live_worker.hpp"
#include "git/branch_word.hpp"
#include "git/presence.hpp"
#include "git/refs.hpp"
#include "lander/hand_in.hpp"
#include "lander/lander.hpp"
#include "plan/edits.hpp"
#include "plan/ids.hpp"
#include "session/done_refs.hpp"
#include "session/flow_walk.hpp"
#include "session/guard.hpp"
#include "session/here.hpp"
#include "session/select.hpp"
#include "session/task_merge.hpp"
#include "session/task_object.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

/// Only the worker itself says that its task is done: from its slot.
void refuse_word_from_elsewhere(const Workspace& workspace, const PlanView& view, TaskIndex index,
                                const supervisor::WorkerRecord& worker) {
  const Slot* slot = view.slot(index);
  if (slot != nullptr && stands_in(workspace, *slot)) return;
  throw Error(ErrorKind::wrong_state,
              fmt::format("worker {} of a run is at task '{}'; the run merges it", worker.worker,
                          view.task(index).id),
              Hint{"to see how far it is, run: git wave status"})
      .with_code("held");
}

/// What was asked for, for hints.
std::string again(const DoneRequest& request, const std::string& id) {
  std::string command = "git task done " + id;
  if (!request.message.empty()) command += " -m " + text::shell_quote(request.message);
  if (request.verify) command += " --verify=" + text::shell_quote(*request.verify);
  if (request.empty == Empty::merge) command += " --allow-empty";
  if (request.after == AfterMerge::remove_worktree) command += " --remove-worktree";
  return command;
}

supervisor::WorkerRecord::Word word_of(const DoneRequest& request) {
  return {request.message, request.empty == Empty::merge};
}

void note_outcome(DoneResult& result, TaskMerge merge) {
  if (const auto* merged = std::get_if<MergedTask>(&merge)) {
    result.outcome = DoneResult::Outcome::merged;
    result.merge_commit = merged->commit;
  } else if (auto* conflicts = std::get_if<MergeConflicts>(&merge)) {
    result.outcome = DoneResult::Outcome::conflicts;
    result.conflicts = std::move(conflicts->paths);
  } else if (const auto* failed = std::get_if<VerificationFailed>(&merge)) {
    result.outcome = DoneResult::Outcome::verification_failed;
    result.verify_status = failed->exit_status;
  } else {
    result.outcome = DoneResult::Outcome::already_merged;
  }
}

void note_landing(DoneResult& result, const supervisor::Landing& landing) {
  using Outcome = supervisor::Landing::Outcome;
  switch (landing.outcome) {
    case Outcome::merged:
      result.outcome = DoneResult::Outcome::merged;
      result.merge_commit = git::Oid::parse(landing.commit);
      result.flaky = landing.flaky;
      return;
    case Outcome::already_merged:
      result.outcome = DoneResult::Outcome::already_merged;
      return;
    case Outcome::conflicts:
      result.outcome = DoneResult::Outcome::conflicts;
      result.conflicts = landing.conflicts;
      return;
    case Outcome::verification_failed:
      result.outcome = landing.sent_back && landing.sent_back->command == lander::pre_land_hook
                           ? DoneResult::Outcome::refused_by_hook
                           : DoneResult::Outcome::verification_failed;
      result.verify_status = landing.exit_status;
      result.red = landing.sent_back;
      return;
    case Outcome::flow_is_red:
      result.outcome = DoneResult::Outcome::flow_is_red;
      result.verify_status = landing.exit_status;
      result.red_flow = git::Oid::parse(landing.commit);
      return;
    default:
      result.outcome = DoneResult::Outcome::given_up;
      result.reason = landing.reason;
  }
}

/// The commit that brought a task which flow has; nothing where it is not found.
std::optional<git::Oid> known_merge(const Workspace& workspace, const PlanView& view,
                                    TaskIndex index) {
  if (!view.in_flow(index)) return std::nullopt;
  const auto all = arrivals(workspace.repository(), view);
  const auto found = all.find(task_number(view.task(index).id).value_or(0));
  return found == all.end() ? std::nullopt : std::optional(found->second.last.id);
}

void advise(const Workspace& workspace, const DoneResult& result, const Slot* slot) {
  if (result.outcome == DoneResult::Outcome::conflicts && slot == nullptr) {
    workspace.hint(fmt::format("to resolve them in a worktree of its own, run: git task start {}",
                               result.task));
  } else if (result.outcome == DoneResult::Outcome::conflicts) {
    workspace.hint(fmt::format(
        "to resolve them on the task's branch, run: {} merge {}", git_in(workspace, *slot),
        text::shell_quote(git::branch_word(workspace.repository(), result.flow_branch))));
  } else if (result.red && !result.red->ref.empty()) {
    workspace.hint("to see what failed, run: git show " + result.red->ref);
  } else if (result.outcome == DoneResult::Outcome::given_up) {
    workspace.hint(fmt::format("to start it over, run: git task reset {}", result.task));
  } else if (result.success() && slot != nullptr && !result.removed_worktree) {
    workspace.hint(stands_in(workspace, *slot)
                       ? "to see what can start now, run: git wave next"
                       : "to remove its worktree and see what is next, run: git wave finish");
  }
}

/// Its branch is the run's by now, as it was while its worker had it; but for one that the run
/// wants others to land.
void refuse_handed_in(const Workspace& workspace, const PlanView& view, TaskIndex index) {
  const std::string& id = view.task(index).id;
  const auto hand_in = lander::HandIns(workspace.repository()).find(view.session(), id);
  if (!hand_in || hand_in->outcome || hand_in->is_offered() ||
      !git::may_be_alive(workspace.repository(), hand_in->record.run))
    return;
  const bool by_run = hand_in->by == lander::HandIn::By::run;
  throw Error(ErrorKind::wrong_state,
              fmt::format("task '{}' is done, and waits to be merged by {}", id,
                          by_run ? "its run" : "another 'git task done'"),
              Hint{"to see what it waits for, run: git wave status"})
      .with_code("held");
}

/// Its run's queue has it, and waits for somebody else to land it.
bool is_offered(const Workspace& workspace, const PlanView& view, TaskIndex index) {
  const auto hand_in =
      lander::HandIns(workspace.repository()).find(view.session(), view.task(index).id);
  return hand_in && !hand_in->outcome && hand_in->is_offered() &&
         git::may_be_alive(workspace.repository(), hand_in->record.run);
}

/// Brings the task's branch into flow, unless it is there.
void merge(Workspace& workspace, const PlanView& view, TaskIndex index, const DoneRequest& request,
           DoneResult& result) {
  const ReadyBranch ready = ready_branch(workspace, view, index, MergedFor::person);
  if (std::holds_alternative<AlreadyMerged>(ready)) {
    result.outcome = DoneResult::Outcome::already_merged;
    return;
  }
  const auto& branch = std::get<TaskBranch>(ready);
  result.branch = branch.name;
  const std::string command = again(request, view.task(index).id);
  const auto worker = live_worker(workspace, view, index);
  if (worker) refuse_word_from_elsewhere(workspace, view, index, *worker);
  if (request.empty == Empty::refuse && !(worker && worker->allow_empty))
    refuse_empty_branch(workspace, view, index, branch, command);
  if (worker && tell_run(workspace, *worker, word_of(request))) {
    result.outcome = DoneResult::Outcome::told;
    return;
  }
  refuse_handed_in(workspace, view, index);
  if (request.verify && !is_offered(workspace, view, index)) {
    note_landing(result, land_by_hand(workspace, view, index, branch,
                                      {word_of(request), *request.verify, command}));
  } else {
    note_outcome(result, merge_task(workspace, view, index, branch,
                                    {request.message, request.verify, {}, command}));
  }
}

void record_completed(Workspace& workspace, const PlanView& view, const std::string& id,
                      DoneResult& result) {
  const git::Repository& repository = workspace.repository();
  release_done(repository, view.session(), id,
               git::read_ref(repository, ref_names::branch_ref(view.plan().flow_branch)));
  drop_red(repository, view.session(), id);
  const auto write = write_plan(workspace, view.session(), fmt::format("Complete {}", id),
                                [&](const EditContext& context) {
                                  return edits::complete(context.current.plan, std::span(&id, 1));
                                });
  result.version = write.stored.plan.version;
}

/// Also one that a command was killed in the middle of removing. One that stays undoes no merge.
void remove_worktree(Workspace& workspace, const PlanView& view, TaskIndex index,
                     DoneResult& result) try {
  const Slot* slot = view.slot(index) != nullptr ? view.slot(index) : view.half_made_slot(index);
  if (slot == nullptr) return;
  workspace.slots().remove(*slot, workspace.settings().hooks);
  result.removed_worktree = slot->path;
} catch (const Error& error) {
  if (result.outcome == DoneResult::Outcome::already_merged) throw;
  workspace.warn({Severity::warning, "not_removed", error.what(), result.task, std::nullopt});
}

}  // namespace

DoneResult finish_task(Workspace& workspace, const DoneRequest& request) {
  workspace.begin_write();
  const Selected selected = select_task(workspace, Access::write, request.task);
  const PlanView& view = *selected.view;
  const Task& task = view.task(selected.task);
  DoneResult result;
  result.session = view.session();
  result.task = task.id;
  result.flow_branch = view.plan().flow_branch;
  result.version = view.plan().version;
  if (const TaskBranch* branch = view.task_branch(selected.task)) result.branch = branch->name;
  const Slot* slot = view.slot(selected.task);
  if (slot != nullptr) result.worktree = slot->path;
  merge(workspace, view, selected.task, request, result);
  if (result.outcome == DoneResult::Outcome::told) return result;
  if (result.outcome == DoneResult::Outcome::already_merged)
    result.merge_commit = known_merge(workspace, view, selected.task);
  if (result.success()) record_completed(workspace, view, task.id, result);
  if (result.success() && request.after == AfterMerge::remove_worktree)
    remove_worktree(workspace, view, selected.task, result);
  result.warnings = workspace.warnings();
  advise(workspace, result, slot);
  return result;
}

Json to_json(const DoneResult& result) {
  Json object = new_object();
  object["success"] = result.success();
  object["plan_branch"] = plan_branch_text(result.session);
  object["task_id"] = result.task;
  if (!result.branch.empty()) object["branch"] = result.branch;
  object["merge_commit"] = result.merge_commit ? Json(result.merge_commit->hex()) : Json();
  if (result.outcome == DoneResult::Outcome::told) object["told"] = true;
  object["already_merged"] = result.outcome == DoneResult::Outcome::already_merged;
  object["plan_version"] = version_text(result.version);
  object["conflicts"] = result.conflicts;
  const bool is_flow_red = result.outcome == DoneResult::Outcome::flow_is_red;
  if (is_flow_red) object["flow_red"] = result.red_flow->hex();
  if (is_flow_red || result.outcome == DoneResult::Outcome::verification_failed)
    object["verify_exit_status"] = result.verify_status;
  if (result.outcome == DoneResult::Outcome::refused_by_hook) {
    object["refused_by"] = Json{{"hook", result.red->command},
                                {"exit_status", result.red->exit_status},
                                {"last_lines", result.red->last_lines}};
  }
  if (result.red && !result.red->ref.empty()) object["red"] = result.red->ref;
  if (result.flaky) object["flaky"] = true;
  if (result.removed_worktree) object["removed_worktree"] = *result.removed_worktree;
  object["warnings"] = to_json(result.warnings);
  return object;
}

}  // namespace gitplan::commands
