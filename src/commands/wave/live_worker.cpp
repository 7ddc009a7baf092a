#include "commands/wave/live_worker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "commands/wave/worker_process.hpp"
#include "git/presence.hpp"
#include "plan/ids.hpp"
#include "session/workspace.hpp"

namespace gitplan::commands {
namespace {

using supervisor::WorkerRecord;

/// Not one whose task is settled, or left to the next run.
bool is_under_way(const WorkerRecord& record) {
  using Phase = WorkerRecord::Phase;
  return record.phase == Phase::assigned || record.phase == Phase::working ||
         (record.phase == Phase::ended && record.ending == WorkerRecord::Ending::exited);
}

bool is_same(const WorkerRecord& a, const WorkerRecord& b) {
  return a.session == b.session && a.task == b.task && a.attempt == b.attempt && a.run == b.run;
}

bool may_live(const Workspace& workspace, const WorkerRecord& record) {
  return is_under_way(record) && (git::may_be_alive(workspace.repository(), record.run) ||
                                  git::may_be_alive(workspace.repository(), record.mind));
}

/// What a worker of a run does with its own slot is its own business.
bool is_own_slot(int worker) {
  const char* own = std::getenv("GIT_WAVE_WORKER");
  return own != nullptr && own == std::to_string(worker);
}

}  // namespace

std::optional<WorkerRecord> live_worker(const Workspace& workspace, const PlanView& view,
                                        TaskIndex index) {
  const auto is_its_worker = [&](const WorkerRecord& one) {
    return one.session == view.session() && same_task(one.task, view.task(index).id) &&
           may_live(workspace, one);
  };
  const auto all = worker_records(workspace).all();
  const auto found = std::ranges::find_if(all, is_its_worker);
  return found == all.end() ? std::nullopt : std::optional(*found);
}

void refuse_live_worker(const Workspace& workspace, int worker) {
  if (is_own_slot(worker)) return;
  const auto record = worker_records(workspace).read(worker);
  if (!record || !may_live(workspace, *record)) return;
  throw Error(ErrorKind::wrong_state,
              {fmt::format("worker {} of a run is at task '{}'", worker, record->task)},
              {Hint{"to see how far it is, run: git wave status"},
               Hint{fmt::format("to take the task from it, run: git task reset {}/{}",
                                record->session, record->task)}})
      .with_code("held");
}

void refuse_run_in_run(const Workspace& workspace, const std::string& session) {
  for (const WorkerRecord& one : worker_records(workspace).all()) {
    const bool is_ours = is_alive(one.mind) && comes_from(one.mind.pid);
    if (one.session != session || !is_under_way(one) || !is_ours) continue;
    throw Error(ErrorKind::wrong_state,
                fmt::format("this is worker {} of a run of plan '{}', at task '{}': a run in it "
                            "would wait for its own worker",
                            one.worker, session, one.task),
                Hint{"to see how far the run is, run: git wave status"});
  }
}

bool tell_run(const Workspace& workspace, const WorkerRecord& worker, WorkerRecord::Word word) {
  return worker_records(workspace)
      .update(worker.worker,
              [&](WorkerRecord& kept) {
                if (!is_same(kept, worker) || !is_under_way(kept)) return false;
                kept.told = std::move(word);
                return true;
              })
      .has_value();
}

}  // namespace gitplan::commands
