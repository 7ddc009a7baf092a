// What `git task start`, `git wave start` and runs have in common: whether a task may start, and
// its branch and slot.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "schedule/ready.hpp"
#include "session/claiming.hpp"
#include "session/task_branch.hpp"
#include "slots/slot.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

struct StartTaskRequest {
  std::optional<std::string> task;
  std::optional<int> worker;
  schedule::Overlapping overlapping = schedule::Overlapping::hold_back;
  Unready unready = Unready::refuse;
  Take take = Take::free_ones;  ///< held_ones: what another machine has, too
};
/// What may be asked for by name, judged as `task start` does: throws as start_task.
void refuse_start(const Workspace& workspace, const PlanView& view, TaskIndex index,
                  const schedule::Next& next, const StartTaskRequest& request);

/// A task with its slot reserved and its branch made, its files still to come.
struct ReservedTask {
  TaskIndex task = 0;
  Slot slot;
  git::Oid commit;
  std::optional<NewBranch> made;  ///< the branch, if it was made for this
};
/// Where it would be reserved, unless somebody is quicker.
Wanted place_task(const Workspace& workspace, const PlanView& view, TaskIndex index,
                  std::optional<int> worker, const std::set<int>& taken = {});
/// Under the slots' lock: in the slot `worker`, whatever it holds, else in the one that was left
/// half made for the task, else in the lowest free one.
ReservedTask reserve_task(Workspace& workspace, const PlanView& view, TaskIndex index,
                          std::optional<int> worker);

struct Started {
  std::string session;
  std::string task;
  std::string branch;
  git::Oid commit;
  Slot slot;
  std::string prompt;
  std::optional<remote::StandingClaim> taken_from = {};  ///< who had it until now
};

/// Outside of the lock. Where it cannot be filled, the task is as unstarted as it was.
Started fill_reserved(Workspace& workspace, const PlanView& view, const ReservedTask& reserved);

}  // namespace gitplan::commands
