// What becomes of tasks that are done: the lander's process, and its news.
#include <fmt/format.h>

#include <algorithm>
#include <csignal>

#include "supervisor/supervisor_state.hpp"

namespace gitplan::supervisor {
namespace {

using Ending = WorkerRecord::Ending;
using Outcome = Landing::Outcome;
using Phase = WorkerRecord::Phase;

/// A lander that ends and has told nothing is started again; not for ever.
constexpr int most_silent = 3;

bool has_landed(const Landing& landing) {
  return landing.outcome == Outcome::merged || landing.outcome == Outcome::already_merged;
}

std::string why_red(const Landing& landing) {
  return fmt::format("'{}' fails on the flow branch, with exit status {}", landing.command,
                     landing.exit_status);
}

}  // namespace

void Supervisor::hand_in(const std::string& task) {
  Running& one = running_.at(task);
  work_->offer(one.record);
  one.stage = Stage::handed_in;
}

// --- its process ---

std::vector<std::string> Supervisor::done_tasks() const {
  std::vector<std::string> tasks;
  for (const auto& [task, one] : running_) {
    if (one.is_done()) tasks.push_back(task);
  }
  return tasks;
}

/// A failure of the repository waits for those that are about to land, but not for other people.
bool Supervisor::is_landing_over() const {
  if (signal_ || landing_stopped_) return true;
  return failure_ && std::ranges::all_of(running_, [](const auto& one) {
           return one.second.stage == Stage::put_off;
         });
}

void Supervisor::see_to_lander() {
  if (is_landing_over()) {
    keep_done();
  } else if (lander_.process == 0 && !done_tasks().empty()) {
    start_lander(Lands::all);
  }
}

void Supervisor::keep_done() {
  if (!lander_.is_keeping) end_lander();
  if (lander_.process != 0) return;
  const bool may_keep = !signal_ && !failure_;
  bool is_any_new = false;
  for (const std::string& task : done_tasks()) {
    if (may_keep && running_.at(task).stage == Stage::handed_in) {
      is_any_new = true;
    } else {
      attend(task, [&] { leave_done(task); });
    }
  }
  if (is_any_new) start_lander(Lands::keep);
}

void Supervisor::start_lander(Lands what) {
  const bool started = guarded([&] {
    ProcessSpec spec = work_->lander_process(what);
    spec.said = [this](std::string_view line) { lander_said(line); };
    lander_.process = runner_->start(spec, [this](const ProcessEnd& end) { lander_ended(end); });
  });
  lander_.is_keeping = started && what == Lands::keep;
  if (started) return;
  for (const std::string& task : done_tasks()) attend(task, [&] { leave_done(task); });
}

void Supervisor::end_lander() {
  if (lander_.process == 0 || std::exchange(lander_.is_ending, true)) return;
  runner_->signal(lander_.process, SIGTERM);
  lander_patience_timer_ = runner_->after(policy_.patience, [this] {
    if (lander_.process != 0) runner_->signal(lander_.process, SIGKILL);
  });
}

void Supervisor::lander_ended(const ProcessEnd& end) {
  runner_->cancel(lander_patience_timer_);
  const bool is_silent = !lander_.told && !lander_.is_ending && !done_tasks().empty();
  lander_ = {.silent = is_silent ? lander_.silent + 1 : 0};
  if (lander_.silent == most_silent) {
    lander_.silent = 0;
    const auto reason = landing_stopped_.value_or(
        fmt::format("the merge ended with exit status {}", end.exit_status));
    for (const std::string& task : done_tasks()) attend(task, [&] { not_merged(task, reason); });
  }
  if (is_silent && end.exit_status == 0) offer_again();
  runner_->stop();
}

/// It knew of nothing that waits: that was deleted under it.
void Supervisor::offer_again() {
  for (const std::string& task : done_tasks())
    attend(task, [&] { work_->offer(running_.at(task).record); });
}

// --- its news ---

void Supervisor::lander_said(std::string_view line) {
  guarded([&] {
    if (const auto news = work_->lander_said(line))
      std::visit([this](const auto& one) { hear(one); }, *news);
  });
  runner_->stop();
}

void Supervisor::hear(const Verification& verification) {
  Event event;
  event.kind = Kind::verified;
  event.verification = verification;
  observer_->on_event(event);
}

void Supervisor::hear(const TaskLanding& news) {
  if (signal_ && !has_landed(news.landing)) return;
  if (news.task.empty() && news.landing.outcome == Outcome::flow_is_red)
    return flow_is_red(news.landing, {});
  if (news.task.empty() && news.landing.outcome == Outcome::refused)
    return stop_landing(news.landing.reason);
  const auto found = running_.find(news.task);
  if (found == running_.end() || !found->second.is_done()) return;
  const Stage before = found->second.stage;
  attend(news.task, [&] { settle(news.task, news.landing); });
  const auto now = running_.find(news.task);
  if (now == running_.end() || now->second.stage != before) lander_.told = true;
}

void Supervisor::settle(const std::string& task, const Landing& landing) {
  switch (landing.outcome) {
    case Outcome::queued:
      return queue(task);
    case Outcome::held:
      return put_off(task, Kind::held, landing.reason);
    case Outcome::offered:
      return put_off(task, Kind::offered, landing.reason);
    case Outcome::merged:
    case Outcome::already_merged:
      return merged(task, landing);
    case Outcome::left_work:
    case Outcome::verification_failed:
      return send_back(task, landing);
    case Outcome::conflicts:
      return resolve_or_fail(task, landing);
    case Outcome::taken_back:
      return taken_back(task, landing.reason);
    case Outcome::cancelled:
      return cancelled(task, landing.reason);
    case Outcome::given_up:
      return given_up(task, landing.reason);
    case Outcome::flow_is_red:
      flow_is_red(landing, running_.at(task).record);
      return not_merged(task, why_red(*outcome_.red));
    case Outcome::superseded:
      return hear(LostTask{LostTask::Why::superseded, task, landing.reason});
    case Outcome::refused:
      return refused(task, landing.reason);
  }
}

void Supervisor::queue(const std::string& task) {
  Running& one = running_.at(task);
  const bool had_slot = one.has_slot();
  one.stage = Stage::queued;
  if (!had_slot) return;
  one.record.phase = Phase::done;
  work_->free_slot(one.record);
  idle_.insert(one.record.worker);
  tell(Kind::done, one.record);
}

void Supervisor::put_off(const std::string& task, Kind kind, const std::string& reason) {
  Running& one = running_.at(task);
  if (one.stage == Stage::put_off && one.put_off_as == kind) return;
  queue(task);
  one.stage = Stage::put_off;
  one.put_off_as = kind;
  tell(kind, one.record, reason);
}

void Supervisor::merged(const std::string& task, const Landing& landing) {
  const Running one = running_.at(task);
  WorkerRecord record = one.record;
  ++unrecorded_;
  running_.erase(task);
  record.phase = Phase::idle;
  if (one.has_slot()) {
    idle_.insert(record.worker);
    work_->write(record);
    tell(Kind::done, record);
  }
  work_->settled(record);
  if (landing.flaky) tell(Kind::flaky, record, landing.reason);
  tell(Kind::merged, record, landing.reason, landing.commit);
}

void Supervisor::send_back(const std::string& task, const Landing& landing) {
  Running& one = running_.at(task);
  one.record.reason = landing.reason;
  if (!one.has_slot() || landing.outcome == Outcome::verification_failed)
    tell(Kind::sent_back, one.record, landing.reason);
  try_again_or_fail(task, landing.sent_back);
}

void Supervisor::resolve_or_fail(const std::string& task, const Landing& landing) {
  WorkerRecord record = running_.at(task).record;
  if (!running_.at(task).has_slot()) tell(Kind::sent_back, record, landing.reason);
  if (record.merged_flow) return fail(task, landing.reason);
  if (!may_go_on()) return leave(task);
  record.merged_flow = true;
  record.conflicts = landing.conflicts;
  record.sent_back.reset();
  record.reason = record.retried_after = landing.reason;
  ++record.attempt;
  begin_attempt(std::move(record));
}

/// It may start over at once; not for ever, as its own worker may be who resets it.
void Supervisor::taken_back(const std::string& task, const std::string& reason) {
  constexpr int most = 10;
  const WorkerRecord record = running_.at(task).record;
  let_go(task);
  if (++taken_back_[task] <= most) claimable_.but.erase(task);
  tell(Kind::skipped, record, reason);
}

// --- nothing more lands ---

void Supervisor::stop_landing(const std::string& reason) {
  if (!landing_stopped_) landing_stopped_ = reason;
  stopping_ = true;
}

void Supervisor::flow_is_red(const Landing& landing, const WorkerRecord& found_by) {
  if (outcome_.red) return;
  outcome_.red = landing;
  stop_landing(why_red(landing));
  Event event;
  event.kind = Kind::flow_red;
  event.worker = found_by;
  event.reason = why_red(landing);
  event.commit = landing.commit;
  event.log = event.worker.log;
  event.command = landing.command;
  event.exit_status = landing.exit_status;
  observer_->on_event(event);
}

/// The others land all the same.
void Supervisor::refused(const std::string& task, const std::string& reason) {
  const bool was_stopping = stopping_;
  not_merged(task, reason);
  if (policy_.on_failure == OnFailure::keep_going) stopping_ = was_stopping;
}

void Supervisor::leave_done(const std::string& task) {
  if (landing_stopped_ && !signal_) return not_merged(task, *landing_stopped_);
  const WorkerRecord record = running_.at(task).record;
  running_.erase(task);
  tell(Kind::interrupted, record, "done, not merged yet");
}

void Supervisor::not_merged(const std::string& task, const std::string& reason) {
  const Running one = running_.at(task);
  WorkerRecord record = one.record;
  running_.erase(task);
  stopping_ = true;
  record.reason = reason;
  outcome_.left[task] = reason;
  if (one.has_slot()) {
    record.ending = Ending::not_merged;
    work_->write(record);
  }
  tell(Kind::not_merged, record, reason);
}

}  // namespace gitplan::supervisor
