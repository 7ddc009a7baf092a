#include "commands/wave/worker_care.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "commands/wave/worker_process.hpp"
#include "git/presence.hpp"
#include "plan/ids.hpp"
#include "session/branch_work.hpp"
#include "session/select.hpp"
#include "session/view.hpp"
#include "supervisor/descendants.hpp"
#include "supervisor/mind.hpp"

namespace gitplan::commands {
namespace {

using supervisor::WorkerRecord;

std::string slot_variable(const Slot& slot) { return "GIT_WAVE_WORKTREE=" + slot.absolute_path; }

/// False for a record whose task has gone elsewhere since. One whose task is merged is idle, and so
/// is one whose task was done.
bool still_stands(const Workspace& workspace, const PlanView& view, WorkerRecord& record) {
  const auto index = view.plan().find(record.task);
  if (!index) return false;
  const auto task = static_cast<TaskIndex>(*index);
  const Slot slot = workspace.slots().at(record.worker);
  if (!is_with(slot, record)) return false;
  if (view.in_flow(task)) {
    if (is_all_merged(workspace, view, task)) record.phase = WorkerRecord::Phase::idle;
    return slot.state != Slot::State::absent;
  }
  const Slot* holder = view.slot(task);
  if (holder != nullptr && holder->number != record.worker) return false;
  if (record.phase == WorkerRecord::Phase::idle) return slot.state != Slot::State::absent;
  return view.status(task) == Status::in_progress;
}

}  // namespace

bool is_with(const Slot& slot, const WorkerRecord& record) {
  if (slot.state == Slot::State::absent) return true;
  return slot.claim && slot.claim->session == record.session &&
         same_task(slot.claim->task, record.task);
}

bool WorkerCare::may_live(const ProcessIdentity& process) const {
  return git::may_be_alive(state_folder_, process);
}

bool WorkerCare::is_cared_for(const WorkerRecord& record) const {
  const bool elsewhere = life_of(record.mind) == Life::elsewhere;
  return may_live(record.run) || (elsewhere && may_live(record.mind));
}

std::vector<WorkerRecord> WorkerCare::adopt() const {
  std::vector<WorkerRecord> adopted;
  const auto is_orphan = [&](const WorkerRecord& one) {
    return one.session == session_ && !is_cared_for(one);
  };
  const auto all = records_.all();
  if (std::ranges::none_of(all, is_orphan)) return adopted;
  Workspace workspace = open();
  workspace.begin_write();
  const auto turn = workspace.slots().lock();
  const auto view = select_plan(workspace, Access::write);
  for (const WorkerRecord& seen : all) {
    bool gone = false;
    auto record = records_.update(seen.worker, [&](WorkerRecord& kept) {
      if (!is_orphan(kept)) return false;
      gone = !still_stands(workspace, *view, kept);
      kept.run = git::announced_process(workspace.repository());
      return !gone;
    });
    if (record) adopted.push_back(std::move(*record));
    if (gone && living(seen) == supervisor::Living::none) records_.erase(seen.worker);
  }
  return adopted;
}

/// A command that outlived the process that looked after it has left its exit status all the same.
WorkerRecord WorkerCare::reread(const WorkerRecord& record) const {
  WorkerRecord kept = records_.read(record.worker).value_or(record);
  const auto status = records_.kept_status(record.worker);
  if (kept.phase != WorkerRecord::Phase::working || is_alive(kept.mind) || !status) return kept;
  end_strays(kept);
  kept.phase = WorkerRecord::Phase::ended;
  kept.ending = WorkerRecord::Ending::exited;
  kept.exit_status = *status;
  kept.ended = now();
  records_.write(kept);
  return kept;
}

supervisor::Living WorkerCare::living(const WorkerRecord& record) const {
  using supervisor::Living;
  const std::string worker = fmt::format("--worker={}", record.worker);
  if (is_alive(record.mind) && supervisor::runs_with(record.mind.pid, {"run-worker", worker}))
    return Living::mind;
  if (!is_alive(record.command) || record.command.pid <= 1) return Living::none;
  const Workspace workspace = open();
  const std::string variable = slot_variable(workspace.slots().at(record.worker));
  return supervisor::has_variable(record.command.pid, variable) ? Living::command : Living::none;
}

bool WorkerCare::stands(const WorkerRecord& record) const {
  const Workspace workspace = open();
  const PlanView view(workspace, workspace.store().load(session_));
  WorkerRecord seen = record;
  if (still_stands(workspace, view, seen)) return true;
  const auto index = view.plan().find(record.task);
  if (!index) return true;
  const Status status = view.status(static_cast<TaskIndex>(*index));
  return status != Status::pending && status != Status::in_progress;
}

void WorkerCare::end_strays(const WorkerRecord& record) const {
  const Workspace workspace = open();
  supervisor::end_processes_with(
      slot_variable(workspace.slots().at(record.worker)),
      static_cast<int>(std::chrono::milliseconds(supervisor::term_to_kill).count()));
}

bool WorkerCare::others_work() const {
  return std::ranges::any_of(records_.all(), [&](const WorkerRecord& one) {
    return one.session == session_ && one.run != this_process() && is_cared_for(one) &&
           one.phase != WorkerRecord::Phase::idle;
  });
}

}  // namespace gitplan::commands
