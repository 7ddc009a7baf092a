// Merges, one at a time in the order of completion.
#include <fmt/format.h>

#include "supervisor/supervisor_state.hpp"

namespace gitplan::supervisor {
namespace {

using Ending = WorkerRecord::Ending;
using Phase = WorkerRecord::Phase;

/// Merges that lose a race in a row.
constexpr int most_races = 20;

std::string why_red(const Landing& landing) {
  return fmt::format("'{}' fails on the flow branch, with exit status {}", landing.command,
                     landing.exit_status);
}

}  // namespace

void Supervisor::land_next() {
  while (signal_ && !waiting_.empty()) {
    const std::string task = waiting_.front();
    waiting_.pop_front();
    attend(task, [&] { leave_done(task); });
  }
  while (outcome_.red && !waiting_.empty()) {
    const std::string task = waiting_.front();
    waiting_.pop_front();
    attend(task, [&] { not_merged(task, why_red(*outcome_.red)); });
  }
  if (landing_ || waiting_.empty()) return;
  const std::string task = waiting_.front();
  waiting_.pop_front();
  attend(task, [&] {
    landing_process_ =
        runner_->start(work_->landing_process(running_.at(task).record),
                       [this, task](const ProcessEnd& end) { landing_ended(task, end); });
    landing_ = task;
  });
}

void Supervisor::leave_done(const std::string& task) {
  const WorkerRecord record = running_.at(task).record;
  running_.erase(task);
  tell(Kind::interrupted, record, "done, not merged yet");
}

void Supervisor::landing_ended(const std::string& task, const ProcessEnd& end) {
  landing_.reset();
  landing_process_ = 0;
  attend(task, [&] {
    const Landing landing = work_->landed(end);
    const bool merged = landing.outcome == Landing::Outcome::merged ||
                        landing.outcome == Landing::Outcome::already_merged;
    if (signal_ && !merged) return leave_done(task);
    settle(task, landing);
  });
  runner_->stop();
}

void Supervisor::settle(const std::string& task, const Landing& landing) {
  Running& one = running_.at(task);
  switch (landing.outcome) {
    case Landing::Outcome::merged:
    case Landing::Outcome::already_merged:
      return merged(task, landing);
    case Landing::Outcome::conflicts:
      return resolve_or_fail(task, landing);
    case Landing::Outcome::again:
      if (++one.races > most_races) return not_merged(task, landing.reason);
      waiting_.push_back(task);
      return;
    case Landing::Outcome::flow_is_red:
      return flow_is_red(task, landing);
    case Landing::Outcome::given_up:
      return given_up(task, landing.reason);
    case Landing::Outcome::refused:
      return not_merged(task, landing.reason);
    case Landing::Outcome::left_work:
    case Landing::Outcome::verification_failed:
      one.record.reason = landing.reason;
      return try_again_or_fail(task);
  }
}

void Supervisor::merged(const std::string& task, const Landing& landing) {
  WorkerRecord record = running_.at(task).record;
  ++unrecorded_;
  running_.erase(task);
  record.phase = Phase::idle;
  idle_.insert(record.worker);
  work_->write(record);
  tell(Kind::merged, record, landing.reason, landing.commit);
}

void Supervisor::resolve_or_fail(const std::string& task, const Landing& landing) {
  WorkerRecord record = running_.at(task).record;
  if (record.merged_flow) return fail(task, landing.reason);
  if (!may_go_on()) return leave(task);
  record.merged_flow = true;
  record.conflicts = landing.conflicts;
  record.reason = record.retried_after = landing.reason;
  ++record.attempt;
  start(std::move(record));
}

void Supervisor::flow_is_red(const std::string& task, const Landing& landing) {
  outcome_.red = landing;
  Event event;
  event.kind = Kind::flow_red;
  event.worker = running_.at(task).record;
  event.reason = why_red(landing);
  event.commit = landing.commit;
  event.log = event.worker.log;
  event.command = landing.command;
  event.exit_status = landing.exit_status;
  observer_->on_event(event);
  not_merged(task, event.reason);
}

void Supervisor::not_merged(const std::string& task, const std::string& reason) {
  WorkerRecord record = running_.at(task).record;
  running_.erase(task);
  stopping_ = true;
  record.ending = Ending::not_merged;
  record.reason = reason;
  outcome_.left[task] = reason;
  work_->write(record);
  tell(Kind::not_merged, record, reason);
}

}  // namespace gitplan::supervisor
