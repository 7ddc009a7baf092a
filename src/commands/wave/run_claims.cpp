// Which slot a task of a run is given: see run_work.hpp.
#include <algorithm>
#include <span>
#include <utility>

#include "base/error.hpp"
#include "commands/task/starting.hpp"
#include "commands/wave/placeholders.hpp"
#include "commands/wave/run_work.hpp"
#include "session/next_tasks.hpp"
#include "session/select.hpp"
#include "session/slot_check.hpp"

namespace gitplan::commands {
namespace {

using supervisor::WorkerRecord;

/// A branch that is there already has the name that somebody gave it. Before anything is made for
/// the task.
void refuse_names(const RunAgents& agents, const std::string& agent, const std::string& task,
                  const TaskBranch* branch) {
  const auto found = agents.commands.find(agent);
  const WorkerCommand command = found == agents.commands.end() ? WorkerCommand{} : found->second;
  if (branch != nullptr) fill_placeholders(command.arguments, {task, branch->name, "/", "1", "/"});
}

}  // namespace

/// An idle slot that nobody has given to something else.
std::optional<int> RunWork::idle_slot(const Workspace& workspace, const std::set<int>& idle) const {
  const auto found =
      std::ranges::find_if(idle, [&](int worker) { return is_idle(workspace, worker); });
  return found == idle.end() ? std::nullopt : std::optional(*found);
}

bool RunWork::is_idle(const Workspace& workspace, int worker) const {
  const auto record = records_.read(worker);
  return record && record->phase == WorkerRecord::Phase::idle && record->run == this_process() &&
         is_with(workspace.slots().at(worker), *record);
}

/// The lowest where nothing stands, and whose worker was not given a task: it may have removed its
/// worktree itself.
int RunWork::free_slot_number(const Workspace& workspace) const {
  std::set<int> taken;
  for (const WorkerRecord& record : records_.all()) {
    if (record.phase != WorkerRecord::Phase::idle) taken.insert(record.worker);
  }
  return workspace.slots().lowest_free(std::move(taken));
}

std::optional<int> RunWork::slot_for(const Workspace& workspace, const PlanView& view,
                                     TaskIndex index,
                                     const supervisor::Claimable& claimable) const {
  if (view.half_made_slot(index) != nullptr) return std::nullopt;
  const auto idle = idle_slot(workspace, claimable.idle);
  return idle ? *idle : free_slot_number(workspace);
}

WorkerRecord RunWork::reserve(Workspace& workspace, const PlanView& view, const Wanted& wanted,
                              const std::string& agent) {
  WorkerRecord record;
  record.session = view.session();
  record.task = view.task(wanted.task).id;
  record.started = record.attempt_started = now();
  record.run = this_process();
  record.wanted_agent = view.task(wanted.task).agent.value_or("");
  record.agent = agent;
  try {
    refuse_names(setup_.agents, agent, record.task, view.task_branch(wanted.task));
    const ReservedTask reserved = reserve_task(workspace, view, wanted.task, wanted.worker);
    record.worker = reserved.slot.number;
    record.branch = reserved.slot.claim->branch;
    if (reserved.made) record.made_branch_at = reserved.made->commit.hex();
    records_.write(record);
  } catch (const Error& error) {
    give_back(workspace, view, std::span(&wanted.task, 1));
    if (error.kind() != ErrorKind::wrong_state) throw;
    record.phase = WorkerRecord::Phase::ended;
    record.ending = WorkerRecord::Ending::not_prepared;
    record.reason = error.what();
  }
  return record;
}

bool RunWork::may_start(const Workspace& workspace, const PlanView& view, TaskIndex task,
                        const supervisor::Claimable& claimable) const {
  const std::string& id = view.task(task).id;
  if (claimable.but.contains(id) || (claimable.only && !claimable.only->contains(id))) return false;
  return !sharing_ || sharing_->is_ours(workspace, view, task);
}

std::optional<WorkerRecord> RunWork::claim_next(const supervisor::Claimable& claimable) {
  Workspace workspace = open();
  workspace.begin_write();
  const auto turn = workspace.slots().lock();
  for (;;) {
    const auto view = select_plan(workspace, Access::write);
    const auto next = next_tasks(workspace, *view, setup_.overlapping).tasks;
    std::optional<std::string> agent;
    const auto task = std::ranges::find_if(next, [&](TaskIndex index) {
      if (!may_start(workspace, *view, index, claimable)) return false;
      agent = claimable.taker(view->task(index).agent.value_or(""));
      return agent.has_value();
    });
    if (task == next.end()) return std::nullopt;
    const Wanted wanted =
        place_task(workspace, *view, *task, slot_for(workspace, *view, *task, claimable));
    if (sharing_ || !claim_tasks(workspace, *view, std::span(&wanted, 1)).is_stale)
      return reserve(workspace, *view, wanted, *agent);
  }
}

std::optional<WorkerRecord> RunWork::claim_back(const WorkerRecord& record,
                                                const supervisor::Claimable& claimable) {
  Workspace workspace = open();
  workspace.begin_write();
  const auto turn = workspace.slots().lock();
  const PlanView view(workspace, workspace.store().load(setup_.session));
  WorkerRecord claimed = record;
  std::optional<ReservedTask> reserved;
  try {
    const TaskIndex task = require_task(view, record.task);
    const Slot* own = view.slot(task);
    if (own == nullptr || !is_idle(workspace, own->number)) {
      refuse_held(view, task);
      auto worker = idle_slot(workspace, claimable.idle);
      if (!worker) worker = free_slot_number(workspace);
      own = &reserved.emplace(reserve_task(workspace, view, task, worker)).slot;
    }
    claimed.worker = own->number;
    claimed.branch = own->claim->branch;
    claimed.made_branch_at.clear();
    records_.write(claimed);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::wrong_state && error.kind() != ErrorKind::not_found) throw;
    claimed.phase = WorkerRecord::Phase::ended;
    claimed.ending = WorkerRecord::Ending::not_prepared;
    claimed.reason = error.what();
  }
  return claimed;
}

// --- where machines share the plan ---

std::optional<supervisor::ProcessSpec> RunWork::keeper_process() {
  if (!sharing_) return std::nullopt;
  return own_process({"run-keep", "--plan=" + setup_.session, "--run=" + sharing_->run()},
                     supervisor::log_path(logs_folder_, setup_.session, "keeping", 1));
}

std::optional<supervisor::KeeperNews> RunWork::keeper_said(std::string_view line) {
  return sharing_ ? sharing_->said(line) : std::nullopt;
}

void RunWork::want(const supervisor::Claimable& claimable) {
  if (sharing_) sharing_->want(open(), claimable);
}

std::string RunWork::keep_lost(const WorkerRecord& record) {
  Workspace workspace = open();
  return sharing_ ? sharing_->keep_lost(workspace, record) : "";
}

void RunWork::leave_to_others(std::vector<WorkerRecord>& adopted) {
  Workspace workspace = open();
  const PlanView view(workspace, workspace.store().load(setup_.session));
  std::erase_if(adopted, [&](const WorkerRecord& record) {
    const auto task = view.plan().find(record.task);
    if (record.phase == WorkerRecord::Phase::idle || !task ||
        sharing_->is_ours(workspace, view, static_cast<TaskIndex>(*task)))
      return false;
    care_->end_strays(record);
    const std::string kept = sharing_->keep_lost(workspace, record);
    if (!kept.empty()) workspace.note(record.task + ": what was done here is kept: " + kept);
    return true;
  });
}

void RunWork::end_sharing() {
  if (!sharing_) return;
  Workspace workspace = open();
  std::vector<WorkerRecord> left;
  for (WorkerRecord& record : records_.all()) {
    if (record.run == this_process() && record.phase != WorkerRecord::Phase::idle &&
        record.session == setup_.session && record.ending != WorkerRecord::Ending::not_merged)
      left.push_back(std::move(record));
  }
  sharing_->end(workspace, left);
}

}  // namespace gitplan::commands
