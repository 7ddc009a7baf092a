#include "commands/task/starting.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/task/prompt.hpp"
#include "git/refs.hpp"
#include "session/approval.hpp"
#include "session/guard.hpp"
#include "session/slot_check.hpp"
#include "session/task_object.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

Claim claim_for(const PlanView& view, TaskIndex index, const std::string& branch) {
  Claim claim;
  claim.session = view.session();
  claim.task = view.task(index).id;
  claim.branch = branch;
  claim.since = now();
  return claim;
}

/// A branch that was made for nothing.
void take_back(const Workspace& workspace, const ReservedTask& reserved) {
  if (!reserved.made) return;
  git::delete_ref(workspace.repository(), ref_names::branch_ref(reserved.made->name),
                  reserved.made->commit);
}

/// Where it was left half made, else the lowest that is free.
int free_place(const Workspace& workspace, const PlanView& view, TaskIndex index,
               const std::set<int>& taken) {
  const Slot* half_made = view.half_made_slot(index);
  return half_made != nullptr ? half_made->number : workspace.slots().lowest_free(taken);
}

/// What was asked for, for hints.
std::string again(const StartTaskRequest& request, const std::string& id) {
  std::string command = "git task start " + id;
  if (request.worker) command += fmt::format(" --worker={}", *request.worker);
  if (request.unready == Unready::start_anyway) command += " -f";
  if (request.take == Take::held_ones) command += " --take";
  return command;
}

void refuse_held_back(const PlanView& view, const schedule::Next& next, TaskIndex index,
                      const StartTaskRequest& request) {
  for (const auto& held : next.held_back) {
    if (held.task != index) continue;
    std::vector<std::string> files;
    for (const auto& file : held.files) files.push_back(fmt::format("'{}'", text::printable(file)));
    throw Error(ErrorKind::wrong_state,
                fmt::format("task '{}' is held back: task {} touches {} too",
                            text::printable(view.task(index).id), text::printable(held.by),
                            text::join(files, ", ")),
                Hint{fmt::format("to start it all the same, run: {} --allow-overlap",
                                 again(request, view.task(index).id))})
        .with_code("held_back");
  }
}

void refuse_taken_slot(const Workspace& workspace, const PlanView& view, TaskIndex index,
                       int number) {
  const Slot slot = workspace.slots().at(number);
  if (slot.state == Slot::State::absent) return;
  if (const Slot* own = view.half_made_slot(index); own != nullptr && own->number == number) return;
  if (slot.state == Slot::State::half_made && !view.task_of(slot)) return;
  const std::string holds = slot.claim && !slot.claim->task.empty() ? "task " + slot.claim->task
                            : !slot.branch.empty() ? fmt::format("branch '{}'", slot.branch)
                                                   : "something else";
  throw Error(ErrorKind::wrong_state, fmt::format("worker {} is taken: it has {}", number, holds),
              Hint{fmt::format("to empty it, run: git wave worker remove {}", number)});
}

}  // namespace

void refuse_start(const Workspace& workspace, const PlanView& view, TaskIndex index,
                  const schedule::Next& next, const StartTaskRequest& request) {
  refuse_hold(view.plan());
  refuse_done(view, index);
  refuse_held(view, index);
  if (request.take == Take::free_ones) refuse_claimed(view, index);
  refuse_unstartable(view, index, request.unready);
  if (approval_required(workspace)) refuse_unapproved(approval_state(workspace, view), view, index);
  if (request.overlapping == schedule::Overlapping::hold_back)
    refuse_held_back(view, next, index, request);
  if (request.worker) refuse_taken_slot(workspace, view, index, *request.worker);
}

Wanted place_task(const Workspace& workspace, const PlanView& view, TaskIndex index,
                  std::optional<int> worker, const std::set<int>& taken) {
  const TaskBranch* known = view.task_branch(index);
  return {index, worker ? *worker : free_place(workspace, view, index, taken),
          known != nullptr ? known->name
                           : ref_names::task_branch(view.task(index).id, slug_of(view, index))};
}

ReservedTask reserve_task(Workspace& workspace, const PlanView& view, TaskIndex index,
                          std::optional<int> worker) {
  ReservedTask reserved;
  reserved.task = index;
  std::string branch;
  if (const TaskBranch* known = view.task_branch(index)) {
    branch = known->name;
    reserved.commit = known->tip;
  } else {
    reserved.made = make_task_branch(workspace, view, index, std::nullopt);
    branch = reserved.made->name;
    reserved.commit = reserved.made->commit;
  }
  if (!worker) worker = free_place(workspace, view, index, {});
  try {
    reserved.slot = workspace.slots().reserve(*worker, claim_for(view, index, branch));
  } catch (const Error&) {
    take_back(workspace, reserved);
    throw;
  }
  return reserved;
}

Started fill_reserved(Workspace& workspace, const PlanView& view, const ReservedTask& reserved) {
  try {
    workspace.slots().fill(reserved.slot, workspace.settings().hooks);
  } catch (const Error&) {
    take_back(workspace, reserved);
    give_back(workspace, view, std::span(&reserved.task, 1));
    throw;
  }
  Started started;
  started.session = view.session();
  started.task = view.task(reserved.task).id;
  started.branch = reserved.slot.claim->branch;
  started.commit = reserved.commit;
  started.slot = workspace.slots().at(reserved.slot.number);
  started.prompt =
      prompt(workspace, view, reserved.task, started.branch, started.slot, Worker::by_itself);
  return started;
}

}  // namespace gitplan::commands
