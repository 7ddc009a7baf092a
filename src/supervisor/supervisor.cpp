#include "supervisor/supervisor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <deque>
#include <map>
#include <utility>

#include "base/error.hpp"
#include "supervisor/mind.hpp"

namespace gitplan::supervisor {
namespace {

using Ending = WorkerRecord::Ending;
using Kind = Event::Kind;
using Phase = WorkerRecord::Phase;
using std::chrono::milliseconds;

constexpr int exit_skipped = 125;
constexpr milliseconds tick_every{200};
constexpr milliseconds look_around_every{1000};
/// A mind that was told to stop gives its command and a hook their time; then it is killed itself.
constexpr std::chrono::seconds mind_patience{20};

/// One task that this run takes care of.
struct Running {
  WorkerRecord record;
  int mind = 0;  ///< process id, while it works
};

std::string failure_of(const WorkerRecord& record) {
  if (!record.reason.empty()) return record.reason;
  if (record.ending == Ending::timed_out)
    return fmt::format("timed out after {} s",
                       std::max<Seconds>(0, record.ended - record.attempt_started));
  if (record.exit_status > 128)
    return fmt::format("its command was killed by signal {}", record.exit_status - 128);
  return fmt::format("its command ended with exit status {}", record.exit_status);
}

class Supervisor {
 public:
  Supervisor(ProcessRunner& runner, Work& work, Observer& observer, const RunPolicy& policy)
      : runner_(&runner), work_(&work), observer_(&observer), policy_(policy) {}

  RunOutcome run() {
    runner_->on_signals({SIGINT, SIGTERM, SIGHUP}, [this](int number) { interrupt(number); });
    look_around();
    tick();
    guarded([this] { step(); });
    while (!is_over()) {
      runner_->run();
      guarded([this] { step(); });
    }
    for (const TimerId timer : {tick_timer_, look_timer_}) runner_->cancel(timer);
    guarded([this] { work_->record_merged(); });
    for (const int worker : std::exchange(idle_, {})) guarded([&] { work_->remove_slot(worker); });
    if (failure_) throw *failure_;
    return {signal_};
  }

 private:
  /// A failure of the repository (a lock held for long, a full disk) starts nothing more, and is
  /// thrown once those that work have ended. Nothing may be thrown through the runner.
  template <class Action>
  void guarded(const Action& action) {
    try {
      action();
    } catch (const Error& error) {
      if (!failure_) failure_ = error;
      stopping_ = true;
    }
  }

  [[nodiscard]] bool may_start() const { return !signal_ && !stopping_; }

  [[nodiscard]] bool is_over() {
    if (!running_.empty()) return false;
    return !may_start() || !work_->others_work();
  }

  /// After anything happened: the next merge, then the next tasks.
  void step() {
    land_next();
    while (may_start() && static_cast<int>(running_.size()) < policy_.workers) {
      if (policy_.scheduling == Scheduling::barrier && !running_.empty() && !opening_wave_) break;
      opening_wave_ = running_.empty() || opening_wave_;
      auto claimed = work_->claim_next(tried_, idle_);
      if (!claimed) break;
      idle_.erase(claimed->worker);
      tried_.insert(claimed->task);
      start(std::move(*claimed));
    }
    opening_wave_ = false;
  }

  void look_around() {
    guarded([this] {
      if (may_start()) {
        for (WorkerRecord& record : work_->adopt()) take_over(std::move(record));
      }
      if (std::exchange(unrecorded_, 0) > 0) work_->record_merged();
    });
    look_timer_ = runner_->after(look_around_every, [this] {
      look_around();
      runner_->stop();
    });
  }

  void tick() {
    std::vector<WorkerRecord> running;
    for (const auto& [task, one] : running_) running.push_back(one.record);
    observer_->on_tick(running);
    tick_timer_ = runner_->after(tick_every, [this] { tick(); });
  }

  void tell(Kind kind, const WorkerRecord& record, std::string reason = {},
            std::string commit = {}) {
    observer_->on_event({kind, record, std::move(reason), std::move(commit)});
  }

  // --- workers ---

  void start(WorkerRecord record) {
    const std::string task = record.task;
    Running& one = running_[task];
    one.record = std::move(record);
    one.record.phase = Phase::assigned;
    tell(one.record.attempt > 1 ? Kind::retried : Kind::started, one.record, one.record.reason);
    one.record.reason.clear();
    try {
      one.mind = runner_->start(work_->worker_process(one.record),
                                [this, task](const ProcessEnd&) { mind_ended(task); });
    } catch (const Error& error) {
      give_up(task, error.what());
    }
  }

  void take_over(WorkerRecord record) {
    const std::string task = record.task;
    if (record.phase == Phase::idle) {
      idle_.insert(record.worker);
      return;
    }
    tried_.insert(task);
    Running& one = running_[task];
    one.record = std::move(record);
    if (one.record.phase == Phase::ended) {
      judge(task);
      return;
    }
    // Its mind lives, or its command does without one, or nothing is left and it starts over.
    const bool has_mind = is_alive(one.record.mind);
    const ProcessIdentity process = has_mind ? one.record.mind : one.record.command;
    if (one.record.phase == Phase::working && is_alive(process)) {
      one.mind = process.pid;
      tell(Kind::started, one.record, "resumed");
      runner_->watch(process, [this, task] { mind_ended(task); });
      return;
    }
    start(one.record);
  }

  void mind_ended(const std::string& task) {
    Running& one = running_.at(task);
    one.mind = 0;
    guarded([&] {
      one.record = work_->reread(one.record);
      judge(task);
    });
    runner_->stop();
  }

  void judge(const std::string& task) {
    Running& one = running_.at(task);
    WorkerRecord& record = one.record;
    const bool vanished = record.phase != Phase::ended;  // killed before it could say anything
    if (signal_ && (vanished || record.ending == Ending::interrupted)) return leave(task);
    if (vanished) {
      record.reason = "its worker was killed";
      return try_again_or_fail(task);
    }
    switch (record.ending) {
      case Ending::interrupted:  // not by this run: its task starts over in its worktree
        return start(record);
      case Ending::not_prepared:
        return give_up(task, failure_of(record));
      case Ending::timed_out:
        return try_again_or_fail(task);
      case Ending::not_merged:
      case Ending::exited:
        break;
    }
    if (record.exit_status == exit_skipped) return skip(task);
    if (record.exit_status != 0) return try_again_or_fail(task);
    waiting_.push_back(task);
  }

  void try_again_or_fail(const std::string& task) {
    WorkerRecord record = running_.at(task).record;
    record.reason = failure_of(record);
    if (!may_start() || record.failures >= policy_.retries) return fail(task, record.reason);
    ++record.failures;
    ++record.attempt;
    record.conflicts.clear();
    start(std::move(record));
  }

  // --- ends ---

  /// As it stands: the next run goes on with it.
  void leave(const std::string& task) {
    tell(Kind::interrupted, running_.at(task).record);
    running_.erase(task);
  }

  void fail(const std::string& task, const std::string& reason) {
    const WorkerRecord record = running_.at(task).record;
    guarded([&] { work_->fail(record, reason); });
    tell(Kind::failed, record, reason);
    over(task);
  }

  /// What is no fault of the worker's command: said, not recorded as a failure of the task.
  void give_up(const std::string& task, const std::string& reason) {
    const WorkerRecord record = running_.at(task).record;
    tell(Kind::failed, record, reason);
    over(task);
  }

  void over(const std::string& task) {
    work_->forget(running_.at(task).record);
    running_.erase(task);
    if (policy_.on_failure == OnFailure::stop_starting) stopping_ = true;
  }

  void skip(const std::string& task) {
    const WorkerRecord record = running_.at(task).record;
    guarded([&] { work_->skip(record); });
    tell(Kind::skipped, record, "exit status 125");
    work_->forget(record);
    running_.erase(task);
  }

  // --- merges, one at a time in the order of completion ---

  void land_next() {
    if (landing_ || waiting_.empty()) return;
    const std::string task = waiting_.front();
    waiting_.pop_front();
    if (signal_) return leave_done(task);
    landing_ = task;
    try {
      landing_process_ =
          runner_->start(work_->landing_process(running_.at(task).record),
                         [this, task](const ProcessEnd& end) { landing_ended(task, end); });
    } catch (const Error& error) {
      landing_.reset();
      give_up(task, error.what());
    }
  }

  void leave_done(const std::string& task) {
    tell(Kind::interrupted, running_.at(task).record, "done, not merged yet");
    running_.erase(task);
  }

  void landing_ended(const std::string& task, const ProcessEnd& end) {
    landing_.reset();
    landing_process_ = 0;
    guarded([&] {
      const Landing landing = work_->landed(end);
      const bool merged = landing.outcome == Landing::Outcome::merged ||
                          landing.outcome == Landing::Outcome::already_merged;
      if (signal_ && !merged) return leave_done(task);
      settle(task, landing);
    });
    runner_->stop();
  }

  void settle(const std::string& task, const Landing& landing) {
    Running& one = running_.at(task);
    switch (landing.outcome) {
      case Landing::Outcome::merged:
      case Landing::Outcome::already_merged:
        return merged(task, landing);
      case Landing::Outcome::conflicts:
        return resolve_or_fail(task, landing);
      case Landing::Outcome::again:
        waiting_.push_back(task);
        return;
      case Landing::Outcome::refused:
        return not_merged(task, landing.reason);
      case Landing::Outcome::left_work:
      case Landing::Outcome::verification_failed:
        one.record.reason = landing.reason;
        return try_again_or_fail(task);
    }
  }

  void merged(const std::string& task, const Landing& landing) {
    WorkerRecord record = running_.at(task).record;
    ++unrecorded_;
    tell(Kind::merged, record, landing.reason, landing.commit);
    running_.erase(task);
    record.phase = Phase::idle;
    work_->write(record);
    idle_.insert(record.worker);
  }

  void resolve_or_fail(const std::string& task, const Landing& landing) {
    WorkerRecord record = running_.at(task).record;
    if (record.merged_flow || !may_start()) return fail(task, landing.reason);
    record.merged_flow = true;
    record.conflicts = landing.conflicts;
    record.reason = landing.reason;
    ++record.attempt;
    start(std::move(record));
  }

  /// The worker's part is done and kept: the next run merges it.
  void not_merged(const std::string& task, const std::string& reason) {
    WorkerRecord record = running_.at(task).record;
    record.ending = Ending::not_merged;
    record.reason = reason;
    work_->write(record);
    tell(Kind::not_merged, record, reason);
    running_.erase(task);
    stopping_ = true;
  }

  // --- signals ---

  void interrupt(int number) {
    runner_->stop();
    if (signal_) return kill_minds();  // asked again
    signal_ = number;
    for (const auto& [task, one] : running_) {
      if (one.mind != 0) runner_->signal(one.mind, SIGTERM);
    }
    if (landing_process_ != 0) runner_->signal(landing_process_, SIGTERM);
    for (const std::string& task : std::exchange(waiting_, {})) leave_done(task);
    runner_->after(mind_patience, [this] { kill_minds(); });
  }

  void kill_minds() {
    for (const auto& [task, one] : running_) {
      if (one.mind == 0) continue;
      const ProcessIdentity command = work_->reread(one.record).command;
      runner_->signal(one.mind, SIGKILL);
      if (is_alive(command)) runner_->signal(command.pid, SIGKILL);
    }
    if (landing_process_ != 0) runner_->signal(landing_process_, SIGKILL);
  }

  ProcessRunner* runner_;
  Work* work_;
  Observer* observer_;
  RunPolicy policy_;
  std::map<std::string, Running> running_;  ///< by task
  std::deque<std::string> waiting_;         ///< for their merge
  std::optional<std::string> landing_;
  int landing_process_ = 0;
  std::set<std::string> tried_;  ///< tasks that this run does not start again
  std::set<int> idle_;           ///< slots whose task is merged
  int unrecorded_ = 0;
  bool opening_wave_ = false;
  bool stopping_ = false;
  std::optional<Error> failure_;
  std::optional<int> signal_;
  TimerId tick_timer_ = 0;
  TimerId look_timer_ = 0;
};

}  // namespace

RunOutcome supervise(ProcessRunner& runner, Work& work, Observer& observer,
                     const RunPolicy& policy) {
  return Supervisor(runner, work, observer, policy).run();
}

}  // namespace gitplan::supervisor
