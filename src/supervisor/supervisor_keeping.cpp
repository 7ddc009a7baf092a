// What a run learns of its claims where machines share the plan: see keeper_news.hpp.
#include <fmt/format.h>

#include <csignal>

#include "supervisor/supervisor_state.hpp"

namespace gitplan::supervisor {
namespace {

constexpr std::chrono::seconds again_after{5};

}  // namespace

bool is_remote_away(const Error& error) {
  return error.code() == "remote_unreachable" || error.code() == "remote_unknown" ||
         error.code() == "remote_locked";
}

// --- its process ---

void Supervisor::see_to_keeper() {
  if (keeper_ != 0 || !may_go_on()) return;
  guarded([this] {
    auto spec = work_->keeper_process();
    if (!spec) return;
    spec->said = [this](std::string_view line) { keeper_said(line); };
    keeper_ = runner_->start(*spec, [this](const ProcessEnd& /*end*/) {
      keeper_ = 0;
      runner_->stop();
    });
  });
}

void Supervisor::end_keeper() {
  if (keeper_ != 0) runner_->signal(keeper_, SIGTERM);
}

void Supervisor::wait_for_keeper() {
  constexpr std::chrono::seconds keeper_patience{2};
  if (keeper_ == 0) return;
  end_keeper();
  const TimerId timer = runner_->after(keeper_patience, [this] {
    if (keeper_ != 0) runner_->signal(keeper_, SIGKILL);
  });
  while (keeper_ != 0) runner_->run();
  runner_->cancel(timer);
}

// --- its news ---

void Supervisor::keeper_said(std::string_view line) {
  guarded([&] {
    if (const auto news = work_->keeper_said(line))
      std::visit([this](const auto& one) { hear(one); }, *news);
  });
  runner_->stop();
}

void Supervisor::hear(const Connection& connection) {
  if (std::exchange(offline_, connection.is_offline) == connection.is_offline) return;
  Event event;
  event.kind = connection.is_offline ? Kind::offline : Kind::online;
  event.reason = connection.words;
  observer_->on_event(event);
}

void Supervisor::hear(const KeeperFailed& failed) {
  if (failure_) return;
  const std::vector<Hint> hints =
      failed.hint.empty() ? std::vector<Hint>{} : std::vector{Hint{failed.hint}};
  failure_ = Error(ErrorKind::lost_race, std::vector{failed.words}, hints);
}

void Supervisor::hear(const LostTask& lost) {
  const auto found = running_.find(lost.task);
  if (found == running_.end() || found->second.lost_as) return;
  found->second.lost_as = lost;
  if (found->second.mind != 0) return end_worker(found->second, SIGTERM);
  attend(lost.task, [&] { lose(lost.task); });
}

/// Its worker has ended.
void Supervisor::lose(const std::string& task) {
  const Running one = running_.at(task);
  const LostTask lost = *one.lost_as;
  if (one.is_done()) work_->settled(one.record);
  const std::string ref = work_->keep_lost(one.record);
  running_.erase(task);
  const bool is_superseded = lost.why == LostTask::Why::superseded;
  if (is_superseded) claimable_.but.erase(task);
  Event event;
  event.kind = is_superseded ? Kind::superseded : Kind::skipped;
  event.worker = one.record;
  event.reason = lost.reason;
  event.ref = ref;
  observer_->on_event(event);
  show_running();
}

// --- what cannot be told to the others now ---

/// Recorded as soon as the remote is there again; until then the task keeps its slot.
void Supervisor::record_later(const std::string& task, const std::string& reason) {
  Running& one = running_.at(task);
  one.stage = Stage::unrecorded;
  one.record.reason = reason;
  runner_->after(again_after, [this, task] {
    const auto found = running_.find(task);
    if (found == running_.end() || found->second.stage != Stage::unrecorded) return;
    const std::string why = found->second.record.reason;
    attend(task, [&] { fail(task, why); });
    runner_->stop();
  });
}

void Supervisor::leave_unrecorded() {
  if (may_go_on()) return;
  std::vector<std::string> tasks;
  for (const auto& [task, one] : running_) {
    if (one.stage == Stage::unrecorded) tasks.push_back(task);
  }
  for (const std::string& task : tasks) attend(task, [&] { leave(task); });
}

}  // namespace gitplan::supervisor
