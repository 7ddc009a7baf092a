// Giving tasks to workers: `git task start` and `git wave start`, claimed under one lock.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "commands/wave/blocked.hpp"
#include "schedule/ready.hpp"
#include "session/claiming.hpp"
#include "session/json.hpp"
#include "session/task_branch.hpp"
#include "slots/slot.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

struct Started {
  std::string session;
  std::string task;
  std::string branch;
  git::Oid commit;
  Slot slot;
  std::string prompt;
};

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

struct StartTaskRequest {
  std::optional<std::string> task;
  std::optional<int> worker;
  schedule::Overlapping overlapping = schedule::Overlapping::hold_back;
  Unready unready = Unready::refuse;
  Take take = Take::free_ones;  ///< held_ones: what another machine has, too
};
/// Throws Error(wrong_state) if a slot holds the task, the slot is taken, it is not ready, or its
/// files overlap, or it is not approved where that is required.
Started start_task(Workspace& workspace, const StartTaskRequest& request);
Json to_json(const Started& started);

struct StartWaveRequest {
  std::vector<std::string> tasks;   ///< empty: the best ones
  std::optional<std::string> jobs;  ///< -j
  schedule::Overlapping overlapping = schedule::Overlapping::hold_back;
};
struct StartWaveResult {
  std::string session;
  std::vector<Started> started;
  std::vector<schedule::HeldBack> held_back;
  std::vector<std::string> held_back_ids;  ///< parallel to held_back
  std::vector<std::string> unapproved;     ///< ids that only approval keeps from starting
  schedule::State state = schedule::State::stuck;
  std::vector<Blocked> blocked;  ///< where nothing was started
};
/// Starts tasks in free slots until -j of them have one; where that is nothing, notes why. Throws
/// only if nothing at all could be started and something was asked for or failed.
StartWaveResult start_wave(Workspace& workspace, const StartWaveRequest& request);
Json to_json(const StartWaveResult& result);

}  // namespace gitplan::commands
