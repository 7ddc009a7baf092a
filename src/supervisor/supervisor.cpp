#include "supervisor/supervisor.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>

#include "supervisor/supervisor_state.hpp"

namespace gitplan::supervisor {
namespace {

using Phase = WorkerRecord::Phase;
using std::chrono::milliseconds;

constexpr milliseconds tick_every{200};
constexpr milliseconds look_around_every{1000};
/// Whoever signals a process and its group, as timeout(1) does, asks once.
constexpr milliseconds same_signal{500};

}  // namespace

RunOutcome Supervisor::run() {
  runner_->on_signals({SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE},
                      [this](int number) { interrupt(number); });
  productive_at_ = limits_->crew().now();
  claimable_.taker = [this](const std::string& wanted) {
    return limits_->crew().taker(wanted, at_work());
  };
  look_around();
  tick();
  while (!is_over()) {
    runner_->run();
  }
  for (const TimerId timer :
       {tick_timer_, look_timer_, patience_timer_, fresh_timer_, lander_patience_timer_})
    runner_->cancel(timer);
  wait_for_keeper();
  guarded([this] { work_->record_merged(); });
  remove_idle_slots();
  guarded([this] { work_->end_sharing(); });
  if (failure_) throw *failure_;
  outcome_.signal = signal_;
  return std::move(outcome_);
}

/// Those that are left when a signal comes are the next run's.
void Supervisor::remove_idle_slots() {
  for (const int worker : std::exchange(idle_, {})) {
    std::optional<int> signal;
    guarded([&] { signal = work_->remove_slot(worker); });
    if (!signal) continue;
    signal_ = signal;
    return;
  }
}

bool Supervisor::is_over() {
  bool others = false;
  guarded([&] { others = may_start() && work_->others_work(); });
  guarded([this] { step(); });
  if (!running_.empty() || lander_.process != 0) return false;
  if (!may_start()) return true;
  if (limits_->crew().has_refused()) return false;
  guarded([&] { others = others || work_->others_work(); });
  return !others;
}

void Supervisor::step() {
  see_to_keeper();
  see_to_lander();
  limits_->crew().forget_refusals();
  leave_unrecorded();
  take_back();
  wake();
  while (may_start() && has_room() && start_next()) {
  }
  end_long_wait();
  leave_parked();
  claimable_.room = may_start() && has_room() ? room() : 0;
  work_->want(claimable_);
}

bool Supervisor::has_room() const {
  return room() > 0 && (room() == policy_.workers || limits_->bears_another());
}

int Supervisor::room() const {
  const auto busy =
      std::ranges::count_if(running_, [](const auto& one) { return one.second.takes_room(); });
  return std::max(0, policy_.workers - static_cast<int>(busy));
}

bool Supervisor::start_next() {
  auto claimed = claim();
  if (!claimed) return false;
  const std::string task = claimed->task;
  claimable_.but.insert(task);
  if (claimed->phase == Phase::ended) {
    running_[task].record = std::move(*claimed);
    given_up(task, running_.at(task).record.reason);
    return true;
  }
  idle_.erase(claimed->worker);
  attend(task, [&] { start(std::move(*claimed)); });
  return true;
}

std::optional<WorkerRecord> Supervisor::claim() {
  const bool barrier = policy_.scheduling == Scheduling::barrier;
  claimable_.idle = idle_;
  if (barrier && !claimable_.only) claimable_.only.emplace();
  auto claimed = work_->claim_next(claimable_);
  if (claimed || !barrier || !running_.empty()) return claimed;
  claimable_.only = work_->startable();
  return work_->claim_next(claimable_);
}

void Supervisor::look_around() {
  guarded([this] { look_at_agents(); });
  guarded([this] {
    if (may_start()) {
      for (WorkerRecord& record : work_->adopt()) {
        const std::string task = record.task;
        attend(task, [&] { take_over(std::move(record)); });
      }
    }
  });
  if (std::exchange(unrecorded_, 0) > 0) guarded([this] { work_->record_merged(); });
  look_timer_ = runner_->after(look_around_every, [this] {
    look_around();
    runner_->stop();
  });
}

void Supervisor::show_running() {
  std::vector<WorkerRecord> running;
  for (const auto& [task, one] : running_) {
    running.push_back(one.record);
    if (one.stage == Running::Stage::parked)
      running.back().waits_until =
          limits_->crew().parked_until(one.record.wanted_agent).value_or(0);
  }
  observer_->on_tick(running);
}

void Supervisor::tick() {
  guarded([this] { show_running(); });
  tick_timer_ = runner_->after(tick_every, [this] { tick(); });
}

void Supervisor::tell(Kind kind, const WorkerRecord& record, std::string reason, std::string commit,
                      std::string log) {
  observer_->on_event({kind, record, std::move(reason), std::move(commit), std::move(log)});
  show_running();
}

void Supervisor::interrupt(int number) {
  runner_->stop();
  if (signal_) {  // asked again; but a closed pipe says so with each line
    if (number != SIGPIPE && !is_signal_fresh_) kill_all();
    return;
  }
  signal_ = number;
  is_signal_fresh_ = true;
  fresh_timer_ = runner_->after(same_signal, [this] { is_signal_fresh_ = false; });
  end_keeper();
  for (const auto& [task, one] : running_) end_worker(one, SIGTERM);
  patience_timer_ = runner_->after(policy_.patience, [this] { kill_all(); });
}

void Supervisor::end_worker(const Running& one, int number) {
  if (one.mind == 0) return;
  switch (one.adopted) {
    case Living::none:
      return runner_->signal(one.mind, number);
    case Living::mind:
      guarded([&] { work_->ask_to_stop(one.record); });
      return;
    case Living::command:
      guarded([&] { work_->end_strays(one.record); });
      return;
  }
}

void Supervisor::kill_all() {
  for (auto& [task, one] : running_) {
    one.is_killed = one.mind != 0;
    end_worker(one, SIGKILL);
  }
  if (lander_.process != 0) runner_->signal(lander_.process, SIGKILL);
}

RunOutcome supervise(ProcessRunner& runner, Work& work, Limits& limits, Observer& observer,
                     const RunPolicy& policy) {
  return Supervisor(runner, work, limits, observer, policy).run();
}

}  // namespace gitplan::supervisor
