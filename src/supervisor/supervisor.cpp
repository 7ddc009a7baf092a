#include "supervisor/supervisor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <deque>
#include <exception>
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
/// A worker whose process is killed from outside starts over; not for ever.
constexpr int most_lost = 10;
/// Merges that lose a race in a row.
constexpr int most_races = 20;

/// One task that this run takes care of.
struct Running {
  WorkerRecord record;
  int mind = 0;   ///< process id, while it works
  int lost = 0;   ///< how often that was killed
  int races = 0;  ///< that its merge lost
};

std::string failure_of(const WorkerRecord& record) {
  if (!record.reason.empty()) return record.reason;
  if (record.ending == Ending::timed_out) return "timed out";
  if (record.exit_status > 128)
    return fmt::format("its command was killed by signal {}", record.exit_status - 128);
  return fmt::format("its command ended with exit status {}", record.exit_status);
}

class Supervisor {
 public:
  Supervisor(ProcessRunner& runner, Work& work, Observer& observer, const RunPolicy& policy)
      : runner_(&runner), work_(&work), observer_(&observer), policy_(policy) {}

  RunOutcome run() {
    runner_->on_signals({SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE},
                        [this](int number) { interrupt(number); });
    look_around();
    tick();
    while (!is_over()) {
      runner_->run();
    }
    for (const TimerId timer : {tick_timer_, look_timer_, patience_timer_}) runner_->cancel(timer);
    guarded([this] { work_->record_merged(); });
    for (const int worker : std::exchange(idle_, {})) guarded([&] { work_->remove_slot(worker); });
    if (failure_) throw *failure_;
    return {signal_};
  }

 private:
  /// A failure of the repository (a lock held for long, a full disk) starts nothing more, and is
  /// thrown once those that work have ended. Nothing may be thrown through the runner.
  template <class Action>
  bool guarded(const Action& action) {
    try {
      action();
      return true;
    } catch (const Error& error) {
      if (!failure_) failure_ = error;
    } catch (const std::exception& error) {
      if (!failure_) failure_ = Error(ErrorKind::fatal, error.what());
    }
    return false;
  }

  /// The same for one task, which is left as it stands then: the next run goes on with it.
  template <class Action>
  void attend(const std::string& task, const Action& action) {
    if (guarded(action)) return;
    std::erase(waiting_, task);
    const auto found = running_.find(task);
    if (found == running_.end() || found->second.mind != 0 || landing_ == task) return;
    const WorkerRecord record = found->second.record;
    running_.erase(found);
    guarded([&] { tell(Kind::interrupted, record, failure_->what()); });
  }

  [[nodiscard]] bool may_start() const { return may_go_on() && !stopping_; }
  /// The tasks that were begun get all their attempts, also after another one failed.
  [[nodiscard]] bool may_go_on() const { return !signal_ && !failure_; }

  /// Starts and merges what can be, and tells whether nothing is left to wait for. Another run is
  /// asked about before and after: what it ends or claims meanwhile changes what can start here.
  [[nodiscard]] bool is_over() {
    bool others = false;
    guarded([&] { others = may_start() && work_->others_work(); });
    guarded([this] { step(); });
    if (!running_.empty()) return false;
    if (!may_start()) return true;
    guarded([&] { others = others || work_->others_work(); });
    return !others;
  }

  /// After anything happened: the next merge, then the next tasks.
  void step() {
    land_next();
    while (may_start() && static_cast<int>(running_.size()) < policy_.workers) {
      auto claimed = claim();
      if (!claimed) break;
      const std::string task = claimed->task;
      claimable_.but.insert(task);
      if (claimed->phase == Phase::ended) {
        running_[task].record = std::move(*claimed);
        give_up(task, running_.at(task).record.reason);
        continue;
      }
      idle_.erase(claimed->worker);
      attend(task, [&] { start(std::move(*claimed)); });
    }
  }

  /// With a barrier, a wave is what could start when the one before it had ended; more of them than
  /// there are workers take turns.
  std::optional<WorkerRecord> claim() {
    const bool barrier = policy_.scheduling == Scheduling::barrier;
    claimable_.idle = idle_;
    if (barrier && !claimable_.only) claimable_.only.emplace();
    auto claimed = work_->claim_next(claimable_);
    if (claimed || !barrier || !running_.empty()) return claimed;
    claimable_.only = work_->startable();
    return work_->claim_next(claimable_);
  }

  void look_around() {
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

  void show_running() {
    std::vector<WorkerRecord> running;
    for (const auto& [task, one] : running_) running.push_back(one.record);
    observer_->on_tick(running);
  }

  void tick() {
    guarded([this] { show_running(); });
    tick_timer_ = runner_->after(tick_every, [this] { tick(); });
  }

  void tell(Kind kind, const WorkerRecord& record, std::string reason = {}, std::string commit = {},
            std::string log = {}) {
    observer_->on_event({kind, record, std::move(reason), std::move(commit), std::move(log)});
    show_running();
  }

  // --- workers ---

  void start(WorkerRecord given, std::string_view why = {}) {
    const std::string task = given.task;
    Running& one = running_[task];
    const std::string reason(why.empty() ? given.reason : why);
    const std::string log = given.log;
    one.record = std::move(given);
    try {
      const ProcessSpec process = work_->worker_process(one.record);
      tell(one.record.attempt > 1 ? Kind::retried : Kind::started, one.record, reason, {}, log);
      one.mind = runner_->start(process, [this, task](const ProcessEnd&) { mind_ended(task); });
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
    claimable_.but.insert(task);
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
    work_->end_strays(one.record);
    start(one.record, "resumed");
  }

  void mind_ended(const std::string& task) {
    running_.at(task).mind = 0;
    attend(task, [&] {
      Running& one = running_.at(task);
      one.record = work_->reread(one.record);
      judge(task);
    });
    runner_->stop();
  }

  void judge(const std::string& task) {
    Running& one = running_.at(task);
    WorkerRecord& record = one.record;
    if (record.phase != Phase::ended) return start_over(task);
    switch (record.ending) {
      case Ending::interrupted:  // if not by this run, its task starts over in its worktree
        return may_go_on() ? start(record, "interrupted") : leave(task);
      case Ending::not_prepared:
        return give_up(task, failure_of(record));
      case Ending::timed_out:
      case Ending::hook_failed:
        return try_again_or_fail(task);
      case Ending::not_merged:
      case Ending::exited:
        break;
    }
    if (record.exit_status == exit_skipped) return skip(task);
    if (record.exit_status != 0) return try_again_or_fail(task);
    waiting_.push_back(task);
  }

  /// Killed before it could say anything: no fault of its command.
  void start_over(const std::string& task) {
    Running& one = running_.at(task);
    work_->end_strays(one.record);
    if (!may_go_on()) return leave(task);
    const std::string why = "its worker was killed";
    if (++one.lost > most_lost) return fail(task, why);
    start(one.record, why);
  }

  void try_again_or_fail(const std::string& task) {
    WorkerRecord record = running_.at(task).record;
    record.reason = failure_of(record);
    if (const auto reason = work_->given_up(record)) return given_up(task, *reason);
    if (record.failures >= policy_.retries) return fail(task, record.reason);
    if (!may_go_on()) return leave(task);
    ++record.failures;
    ++record.attempt;
    record.conflicts.clear();
    start(std::move(record));
  }

  // --- ends ---

  /// As it stands: the next run goes on with it.
  void leave(const std::string& task) {
    const WorkerRecord record = running_.at(task).record;
    running_.erase(task);
    tell(Kind::interrupted, record);
  }

  void fail(const std::string& task, const std::string& reason) {
    const WorkerRecord record = running_.at(task).record;
    work_->fail(record, reason);
    given_up(task, reason);
  }

  void given_up(const std::string& task, const std::string& reason) {
    const WorkerRecord record = running_.at(task).record;
    over(task);
    tell(Kind::failed, record, reason, {}, record.log);
  }

  /// What is no fault of the worker's command: said, not recorded as a failure of the task.
  void give_up(const std::string& task, const std::string& reason) { given_up(task, reason); }

  void over(const std::string& task) {
    work_->forget(running_.at(task).record);
    running_.erase(task);
    if (policy_.on_failure == OnFailure::stop_starting) stopping_ = true;
  }

  void skip(const std::string& task) {
    const WorkerRecord record = running_.at(task).record;
    work_->skip(record);
    work_->forget(record);
    running_.erase(task);
    tell(Kind::skipped, record, "exit status 125");
  }

  // --- merges, one at a time in the order of completion ---

  void land_next() {
    while (signal_ && !waiting_.empty()) {
      const std::string task = waiting_.front();
      waiting_.pop_front();
      attend(task, [&] { leave_done(task); });
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

  void leave_done(const std::string& task) {
    const WorkerRecord record = running_.at(task).record;
    running_.erase(task);
    tell(Kind::interrupted, record, "done, not merged yet");
  }

  void landing_ended(const std::string& task, const ProcessEnd& end) {
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

  void settle(const std::string& task, const Landing& landing) {
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

  void merged(const std::string& task, const Landing& landing) {
    WorkerRecord record = running_.at(task).record;
    ++unrecorded_;
    running_.erase(task);
    record.phase = Phase::idle;
    idle_.insert(record.worker);
    work_->write(record);
    tell(Kind::merged, record, landing.reason, landing.commit);
  }

  void resolve_or_fail(const std::string& task, const Landing& landing) {
    WorkerRecord record = running_.at(task).record;
    if (record.merged_flow) return fail(task, landing.reason);
    if (!may_go_on()) return leave(task);
    record.merged_flow = true;
    record.conflicts = landing.conflicts;
    record.reason = landing.reason;
    ++record.attempt;
    start(std::move(record));
  }

  /// The worker's part is done and kept: the next run merges it.
  void not_merged(const std::string& task, const std::string& reason) {
    WorkerRecord record = running_.at(task).record;
    running_.erase(task);
    stopping_ = true;
    record.ending = Ending::not_merged;
    record.reason = reason;
    work_->write(record);
    tell(Kind::not_merged, record, reason);
  }

  // --- signals ---

  void interrupt(int number) {
    runner_->stop();
    if (signal_) {  // asked again; but a closed pipe says so with each line
      if (number != SIGPIPE) kill_minds();
      return;
    }
    signal_ = number;
    for (const auto& [task, one] : running_) {
      if (one.mind != 0) runner_->signal(one.mind, SIGTERM);
    }
    if (landing_process_ != 0) runner_->signal(landing_process_, SIGTERM);
    patience_timer_ = runner_->after(mind_patience, [this] { kill_minds(); });
  }

  void kill_minds() {
    for (const auto& [task, one] : running_) {
      if (one.mind != 0) runner_->signal(one.mind, SIGKILL);
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
  Claimable claimable_;
  std::set<int> idle_;  ///< slots whose task is merged
  int unrecorded_ = 0;
  bool stopping_ = false;
  std::optional<Error> failure_;
  std::optional<int> signal_;
  TimerId tick_timer_ = 0;
  TimerId look_timer_ = 0;
  TimerId patience_timer_ = 0;
};

}  // namespace

RunOutcome supervise(ProcessRunner& runner, Work& work, Observer& observer,
                     const RunPolicy& policy) {
  return Supervisor(runner, work, observer, policy).run();
}

}  // namespace gitplan::supervisor
