#include "commands/task/done.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/wave/live_worker.hpp"
#include "git/objects.hpp"
#include "plan/edits.hpp"
#include "plan/ids.hpp"
#include "session/branch_work.hpp"
#include "session/flow_walk.hpp"
#include "session/guard.hpp"
#include "session/here.hpp"
#include "session/select.hpp"
#include "session/slot_check.hpp"
#include "session/task_merge.hpp"
#include "session/task_object.hpp"
#include "session/workspace.hpp"

namespace gitplan::commands {
namespace {

[[noreturn]] void refuse_without_branch(const PlanView& view, TaskIndex index) {
  const Task& task = view.task(index);
  if (view.status(index) == Status::completed) {
    throw Error(ErrorKind::wrong_state,
                fmt::format("task '{}' is recorded completed, but neither '{}' nor a branch has it",
                            task.id, view.plan().flow_branch),
                Hint{fmt::format("to start it over, run: git task reset {}", task.id)});
  }
  const Status status = view.status(index);
  const bool is_over = status == Status::failed || status == Status::cancelled;
  throw Error(ErrorKind::wrong_state, fmt::format("task '{}' has no branch to merge", task.id),
              Hint{is_over ? fmt::format("to start it over, run: git task reset {}", task.id)
                           : fmt::format("to start it, run: git task start {}", task.id)});
}

void refuse_empty(const Workspace& workspace, const PlanView& view, TaskIndex index,
                  const TaskBranch& branch) {
  const auto& flow = view.flow().commit;
  const bool was_merged = flow && git::is_ancestor(workspace.repository(), branch.tip, *flow);
  if (!flow || was_merged || view.is_merged(index) ||
      has_own_work(workspace, view, index, *flow, branch.tip))
    return;
  const std::string& id = view.task(index).id;
  throw Error(
      ErrorKind::wrong_state,
      fmt::format("task '{}': branch '{}' has no commit of its own; nothing was merged", id,
                  text::printable(branch.name)),
      Hint{fmt::format("to merge it all the same, run: git task done {} --allow-empty", id)})
      .with_code("no_commits");
}

/// Its file is no longer there to be merged by: what came to its branch since is a commit like any.
void refuse_later_work(const Workspace& workspace, const PlanView& view, TaskIndex index) {
  const TaskBranch* branch = view.task_branch(index);
  if (branch == nullptr || is_all_merged(workspace, view, index)) return;
  throw Error(ErrorKind::wrong_state,
              fmt::format("task '{}' has commits on '{}' that '{}' lacks, and its plan was cleaned "
                          "up; nothing was merged",
                          view.task(index).id, text::printable(branch->name),
                          text::printable(view.plan().flow_branch)),
              Hint{fmt::format("to merge them, run: git plan merge {} --plan={}",
                               text::shell_quote(branch->name), view.session())})
      .with_code("cleaned");
}

/// In flow with all that its branch and its slot have; of a plan that was cleaned up, its record
/// says so.
bool is_settled(const Workspace& workspace, const PlanView& view, TaskIndex index,
                const DoneRequest& request) {
  if (view.is_cleaned()) {
    if (view.status(index) != Status::completed) refuse_cleaned(view.plan());
    refuse_later_work(workspace, view, index);
    return true;
  }
  if (!view.in_flow(index) || !is_all_merged(workspace, view, index)) return false;
  // What its worker merged by itself is done for a run, whatever that did in its slot afterwards.
  const Slot* slot = request.recording == Recording::now ? view.slot(index) : nullptr;
  return slot == nullptr || !stray_work(workspace, view, index, *slot);
}

/// Nothing where nobody is to be told: no run has the task, or it is a run's own merge.
std::optional<supervisor::WorkerRecord> worker_to_tell(const Workspace& workspace,
                                                       const PlanView& view, TaskIndex index,
                                                       const DoneRequest& request) {
  return request.recording == Recording::now ? live_worker(workspace, view, index) : std::nullopt;
}

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
  } else if (const auto* red = std::get_if<FlowIsRed>(&merge)) {
    result.outcome = DoneResult::Outcome::flow_is_red;
    result.verify_status = red->exit_status;
    result.red_flow = red->commit;
  } else {
    result.outcome = DoneResult::Outcome::already_merged;
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
    workspace.hint(fmt::format("to resolve them on the task's branch, run: {} merge {}",
                               git_in(workspace, *slot), text::shell_quote(result.flow_branch)));
  } else if (result.outcome == DoneResult::Outcome::given_up) {
    workspace.hint(fmt::format("to start it over, run: git task reset {}", result.task));
  } else if (result.success() && slot != nullptr && !result.removed_worktree) {
    workspace.hint(stands_in(workspace, *slot)
                       ? "to see what can start now, run: git wave next"
                       : "to remove its worktree and see what is next, run: git wave finish");
  }
}

/// Brings the task's branch into flow, unless it is there.
void merge(Workspace& workspace, const PlanView& view, TaskIndex index, const DoneRequest& request,
           DoneResult& result) {
  std::optional<FlowTrust> trust;
  if (request.verify && request.flow_before == FlowBefore::verified && view.flow().commit) {
    trust.emplace(workspace, view.plan().flow_branch, *request.verify);
    if (const auto red = trust->look(*view.flow().commit)) return note_outcome(result, *red);
  }
  if (is_settled(workspace, view, index, request)) {
    if (request.recording == Recording::now) refuse_dirty_slot(workspace, view, index);
    result.outcome = DoneResult::Outcome::already_merged;
    return;
  }
  const auto branch = find_branch(workspace, view, index);
  if (!branch) refuse_lost_branch(workspace, view, index);
  const auto reason = request.given_up == GivenUp::refuse ? given_up(view, index) : std::nullopt;
  if (reason) {
    result.outcome = DoneResult::Outcome::given_up;
    result.reason = *reason;
    return;
  }
  if (!branch) refuse_without_branch(view, index);
  result.branch = branch->name;
  refuse_unready_slot(workspace, view, index, branch->name);
  const auto worker = worker_to_tell(workspace, view, index, request);
  if (worker) refuse_word_from_elsewhere(workspace, view, index, *worker);
  if (request.empty == Empty::refuse && !(worker && worker->allow_empty))
    refuse_empty(workspace, view, index, *branch);
  if (worker && tell_run(workspace, *worker, word_of(request))) {
    result.outcome = DoneResult::Outcome::told;
    return;
  }
  note_outcome(result, merge_task(workspace, view, index, *branch,
                                  {request.message, request.verify, request.facts,
                                   trust ? &*trust : nullptr}));
}

}  // namespace

std::optional<std::string> given_up(const PlanView& view, TaskIndex index) {
  const Status status = view.status(index);
  if (status == Status::completed || status == Status::in_progress) return std::nullopt;
  if (status == Status::pending && view.slot(index) != nullptr)
    return std::nullopt;  // without its branch, but a reset would have freed its slot
  if (status == Status::pending) return "it was reset meanwhile";
  const std::string reason = view.task(index).reason.value_or("");
  return fmt::format("recorded {}{}{}", to_string(status), reason.empty() ? "" : ": ", reason);
}

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
  if (result.outcome == DoneResult::Outcome::already_merged && request.recording == Recording::now)
    result.merge_commit = known_merge(workspace, view, selected.task);
  if (result.success() && request.recording == Recording::now) {
    const auto write =
        write_plan(workspace, view.session(), fmt::format("Complete {}", task.id),
                   [&](const EditContext& context) {
                     return edits::complete(context.current.plan, std::span(&task.id, 1));
                   });
    result.version = write.stored.plan.version;
  }
  if (result.success() && request.after == AfterMerge::remove_worktree && slot != nullptr) {
    workspace.slots().remove(*slot, workspace.settings().hooks);
    result.removed_worktree = slot->path;
  }
  result.warnings = workspace.warnings();
  if (request.recording == Recording::now) advise(workspace, result, slot);
  return result;
}

Json to_json(const DoneResult& result) {
  Json object = new_object();
  object["success"] = result.success();
  object["plan_branch"] = plan_branch_text(result.session);
  object["task_id"] = result.task;
  if (!result.branch.empty()) object["branch"] = result.branch;
  if (result.merge_commit) {
    object["merge_commit"] = result.merge_commit->hex();
  } else if (result.success()) {
    object["merge_commit"] = nullptr;
  }
  if (result.outcome == DoneResult::Outcome::told) object["told"] = true;
  object["already_merged"] = result.outcome == DoneResult::Outcome::already_merged;
  object["plan_version"] = version_text(result.version);
  object["conflicts"] = result.conflicts;
  if (result.outcome == DoneResult::Outcome::verification_failed)
    object["verify_exit_status"] = result.verify_status;
  if (result.removed_worktree) object["removed_worktree"] = *result.removed_worktree;
  object["warnings"] = to_json(result.warnings);
  return object;
}

}  // namespace gitplan::commands
