#include "commands/wave/live_worker.hpp"

#include <algorithm>
#include <utility>

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

}  // namespace

std::optional<WorkerRecord> live_worker(const Workspace& workspace, const PlanView& view,
                                        TaskIndex index) {
  const auto is_its_worker = [&](const WorkerRecord& one) {
    return one.session == view.session() && same_task(one.task, view.task(index).id) &&
           is_under_way(one) &&
           (git::may_be_alive(workspace.repository(), one.run) ||
            git::may_be_alive(workspace.repository(), one.mind));
  };
  const auto all = worker_records(workspace).all();
  const auto found = std::ranges::find_if(all, is_its_worker);
  return found == all.end() ? std::nullopt : std::optional(*found);
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
