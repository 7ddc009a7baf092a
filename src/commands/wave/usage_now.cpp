#include "commands/wave/usage_now.hpp"

#include <set>
#include <string>

#include "commands/wave/worker_files.hpp"
#include "commands/wave/worker_process.hpp"
#include "lander/hand_in.hpp"
#include "session/plan_usage.hpp"
#include "session/view.hpp"
#include "session/workspace.hpp"

namespace gitplan::commands {
namespace {

using supervisor::WorkerRecord;

/// Git does not tell of its usage yet: it is neither merged nor recorded as failed.
bool is_untold(const PlanView& view, const WorkerRecord& record) {
  const auto found =
      record.session == view.session() ? view.plan().find(record.task) : std::nullopt;
  if (!found) return false;
  const auto task = static_cast<TaskIndex>(*found);
  const Status status = view.status(task);
  return !view.in_flow(task) && status != Status::failed && status != Status::cancelled;
}

}  // namespace

agents::Usage usage_now(const Workspace& workspace, const PlanView& view) {
  agents::Usage sum = used_by_plan(workspace, view);
  const auto records = worker_records(workspace);
  std::set<std::string> counted;
  for (WorkerRecord& record : records.all()) {
    if (record.phase == WorkerRecord::Phase::idle || !is_untold(view, record)) continue;
    if (record.phase == WorkerRecord::Phase::working)
      record.usage = used_by_attempt(records, record.worker).usage;
    agents::add(sum, supervisor::usage_of(record));
    counted.insert(record.task);
  }
  for (const lander::HandIn& one : lander::HandIns(workspace.repository()).all()) {
    if (is_untold(view, one.record) && !counted.contains(one.record.task))
      agents::add(sum, supervisor::usage_of(one.record));
  }
  return sum;
}

}  // namespace gitplan::commands
