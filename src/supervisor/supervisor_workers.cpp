// What becomes of workers: started, taken over, judged, tried again, given up.
#include <fmt/format.h>

#include "supervisor/supervisor_state.hpp"
#include "supervisor/worker_log.hpp"

namespace gitplan::supervisor {
namespace {

using Ending = WorkerRecord::Ending;
using Phase = WorkerRecord::Phase;

/// A worker whose process is killed from outside starts over; not for ever.
constexpr int most_lost = 10;

std::string failure_of(const WorkerRecord& record) {
  if (!record.reason.empty()) return record.reason;
  if (record.ending == Ending::timed_out || record.ending == Ending::stalled) return "timed out";
  if (record.exit_status > 128)
    return fmt::format("its command was killed by signal {}", record.exit_status - 128);
  return fmt::format("its command ended with exit status {}", record.exit_status);
}

Landing as_merged_already() {
  Landing landing;
  landing.outcome = Landing::Outcome::already_merged;
  landing.reason = "merged by its worker";
  return landing;
}

}  // namespace

void Supervisor::start(WorkerRecord given, std::string_view why) {
  const std::string task = given.task;
  Running& one = running_[task];
  const std::string reason(why.empty() ? given.reason : why);
  const std::string log = given.phase == Phase::parked ? "" : given.log;
  one.stage = Stage::works;
  one.record = std::move(given);
  try {
    const ProcessSpec process = work_->worker_process(one.record);
    tell(one.record.attempt > 1 ? Kind::retried : Kind::started, one.record, reason, {}, log);
    one.mind = runner_->start(process, [this, task](const ProcessEnd&) { mind_ended(task); });
    limits_->crew().began(one.record.agent);
    limits_->began();
  } catch (const Error& error) {
    // Of the task, such as that it is gone; anything else is no fault of it.
    if (error.kind() != ErrorKind::not_found && error.kind() != ErrorKind::wrong_state) throw;
    given_up(task, error.what());
  }
}

void Supervisor::take_back() {
  std::vector<std::string> tasks;
  for (const auto& [task, one] : running_) {
    if (one.stage == Stage::returning) tasks.push_back(task);
  }
  for (const std::string& task : tasks) {
    if (!may_go_on()) {
      leave(task);
    } else if (has_room() && taker(running_.at(task).record)) {
      attend(task, [&] { claim_back(task); });
    }
  }
}

void Supervisor::claim_back(const std::string& task) {
  claimable_.idle = idle_;
  auto claimed = work_->claim_back(running_.at(task).record, claimable_);
  if (!claimed) return;
  if (claimed->phase == Phase::ended) return given_up(task, claimed->reason);
  idle_.erase(claimed->worker);
  work_->settled(*claimed);  // until then, another run would have it told what it was sent back for
  start_or_wait(std::move(*claimed));
}

void Supervisor::take_over(WorkerRecord record) {
  const std::string task = record.task;
  if (record.phase == Phase::idle) {
    idle_.insert(record.worker);
    return;
  }
  claimable_.but.insert(task);
  if (record.agent.empty())  // of a program that knew of none
    if (const auto* usual = limits_->crew().find("")) record.agent = usual->name;
  Running& one = running_[task];
  one.record = std::move(record);
  if (one.record.phase == Phase::done) {
    one.stage = Stage::queued;
    return;
  }
  if (one.record.phase == Phase::parked) {
    one.stage = Stage::parked;
    return;
  }
  if (one.record.phase == Phase::ended) {
    judge(task);
    return;
  }
  // Its mind lives, or its command does without one, or nothing is left and it starts over.
  if (one.record.phase == Phase::working) one.adopted = work_->living(one.record);
  if (one.adopted != Living::none) {
    const bool has_mind = one.adopted == Living::mind;
    const ProcessIdentity process = has_mind ? one.record.mind : one.record.command;
    one.mind = process.pid;
    tell(Kind::started, one.record, "resumed");
    runner_->watch(process, [this, task] { mind_ended(task); });
    return;
  }
  work_->end_strays(one.record);
  start_or_wait(one.record, "resumed");
}

void Supervisor::mind_ended(const std::string& task) {
  const auto ended = running_.find(task);
  if (ended != running_.end()) ended->second.mind = 0;
  attend(task, [&] {
    Running& one = running_.at(task);
    one.adopted = Living::none;
    one.record = work_->reread(one.record);
    look_at_caps();
    one.lost_as ? lose(task) : judge(task);
  });
  runner_->stop();
}

void Supervisor::judge(const std::string& task) {
  Running& one = running_.at(task);
  WorkerRecord& record = one.record;
  if (record.phase != Phase::ended) work_->end_strays(record);
  // What its command ended with after its mind was killed says nothing: it was told to end.
  const bool is_well = !one.is_killed && ended_well(record);
  const bool is_merged = !is_well && work_->is_merged(record);
  const bool is_done = is_well || is_merged;
  if (!is_done && record.phase != Phase::ended) return start_over(task);
  if (!is_done && signal_ && record.ending != Ending::not_prepared) return leave_interrupted(task);
  const bool may_be_not_now = !is_done && record.ending == Ending::exited &&
                              record.exit_status != 0 && record.exit_status != exit_skipped;
  const auto word = may_be_not_now ? limits_->not_now(record) : std::nullopt;
  if (word) return park(task, *word);
  if (record.ending == Ending::exited || record.ending == Ending::timed_out) {
    limits_->crew().works(record.agent, record.attempt_started);
    productive_at_ = limits_->crew().now();
  }
  if (is_well) return hand_in(task);
  // What it committed since is nothing that it calls done.
  if (is_merged) return merged(task, as_merged_already());
  switch (record.ending) {
    case Ending::interrupted:  // if not by this run, its task starts over in its worktree
      return may_go_on() ? start_or_wait(record, "interrupted") : leave(task);
    case Ending::not_prepared:
      return given_up(task, failure_of(record));
    case Ending::stalled:
      tell(Kind::stalled, record, record.reason);
      return try_again_or_fail(task);
    case Ending::timed_out:
    case Ending::hook_failed:
    case Ending::worktree_removed:
      return try_again_or_fail(task);
    case Ending::not_merged:
    case Ending::exited:
      break;
  }
  if (record.exit_status == exit_skipped) return skip(task);
  try_again_or_fail(task);
}

void Supervisor::start_over(const std::string& task) {
  Running& one = running_.at(task);
  if (!may_go_on()) return leave(task);
  const std::string why = "its worker was killed";
  if (++one.lost > most_lost) return fail(task, why);
  start_or_wait(one.record, why);
}

void Supervisor::try_again_or_fail(const std::string& task, std::optional<SentBack> sent_back) {
  WorkerRecord record = running_.at(task).record;
  record.reason = failure_of(record);
  if (const auto landing = work_->given_up(record)) return settle(task, *landing);
  if (record.failures >= retries_of(record)) return fail(task, record.reason);
  if (!may_go_on()) return leave(task);
  record.retried_after = record.reason;
  ++record.failures;
  ++record.attempt;
  record.conflicts.clear();
  record.sent_back = std::move(sent_back);
  begin_attempt(std::move(record));
}

void Supervisor::begin_attempt(WorkerRecord next) {
  Running& one = running_.at(next.task);
  if (one.has_slot()) {
    if (one.is_done()) work_->settled(one.record);
    return start_or_wait(std::move(next));
  }
  next.phase = Phase::assigned;
  one.record = std::move(next);
  one.stage = Stage::returning;
}

void Supervisor::leave(const std::string& task) {
  const WorkerRecord record = running_.at(task).record;
  running_.erase(task);
  tell(Kind::interrupted, record);
}

void Supervisor::leave_interrupted(const std::string& task) {
  WorkerRecord& record = running_.at(task).record;
  record.ending = Ending::interrupted;
  work_->write(record);
  leave(task);
}

void Supervisor::fail(const std::string& task, const std::string& reason) {
  const WorkerRecord record = running_.at(task).record;
  try {
    work_->fail(record, reason);
  } catch (const Error& error) {
    if (!is_remote_away(error)) throw;
    return record_later(task, reason);
  }
  given_up(task, reason);
}

/// The reason may be that of the record, which goes.
void Supervisor::given_up(const std::string& task, std::string reason) {
  const WorkerRecord record = running_.at(task).record;
  over(task);
  tell(Kind::failed, record, std::move(reason), {}, record.log);
}

void Supervisor::let_go(const std::string& task) {
  const Running& one = running_.at(task);
  if (one.is_done()) work_->settled(one.record);
  if (one.has_slot()) work_->forget(one.record);
  running_.erase(task);
}

/// Nothing has failed.
void Supervisor::cancelled(const std::string& task, const std::string& reason) {
  const WorkerRecord record = running_.at(task).record;
  let_go(task);
  tell(Kind::skipped, record, reason);
}

void Supervisor::over(const std::string& task) {
  let_go(task);
  if (policy_.on_failure == OnFailure::stop_starting) stopping_ = true;
}

void Supervisor::skip(const std::string& task) {
  const WorkerRecord record = running_.at(task).record;
  work_->skip(record);
  work_->forget(record);
  running_.erase(task);
  const std::string said = last_line(record.log);
  const std::string reason = said.empty() ? "exit status 125" : "exit status 125: " + said;
  outcome_.left[task] = "skipped, " + reason;
  tell(Kind::skipped, record, reason);
}

}  // namespace gitplan::supervisor
