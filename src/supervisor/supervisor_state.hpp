// The state of a run, and what happens to it: see supervisor.hpp. The loop itself stands in
// supervisor.cpp, what becomes of workers in supervisor_workers.cpp, of merges in
// supervisor_merges.cpp. Private to this room.
#pragma once

#include <deque>
#include <exception>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "supervisor/supervisor.hpp"

namespace gitplan::supervisor {

/// One task that this run takes care of.
struct Running {
  WorkerRecord record;
  int mind = 0;                   ///< process id, while it works
  Living adopted = Living::none;  ///< what lives of it, where another run started it
  int lost = 0;                   ///< how often that was killed
  int races = 0;                  ///< that its merge lost
};

class Supervisor {
 public:
  Supervisor(ProcessRunner& runner, Work& work, Observer& observer, const RunPolicy& policy)
      : runner_(&runner), work_(&work), observer_(&observer), policy_(policy) {}

  RunOutcome run();

 private:
  using Kind = Event::Kind;

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
  [[nodiscard]] bool is_over();

  /// After anything happened: the next merge, then the next tasks.
  void step();

  /// With a barrier, a wave is what could start when the one before it had ended; more of them than
  /// there are workers take turns.
  std::optional<WorkerRecord> claim();
  void look_around();
  void show_running();
  void tick();
  void tell(Kind kind, const WorkerRecord& record, std::string reason = {}, std::string commit = {},
            std::string log = {});

  // --- workers ---

  void start(WorkerRecord given, std::string_view why = {});
  void take_over(WorkerRecord record);
  void mind_ended(const std::string& task);
  void judge(const std::string& task);

  /// To be merged, or merged by itself, however it ended then.
  [[nodiscard]] bool is_done(const WorkerRecord& record) const;

  /// Killed before it could say anything: no fault of its command.
  void start_over(const std::string& task);
  void try_again_or_fail(const std::string& task);

  // --- ends ---

  /// As it stands: the next run goes on with it.
  void leave(const std::string& task);
  void fail(const std::string& task, const std::string& reason);

  /// Ends it here: said, and recorded before if it is a failure of the task itself.
  void given_up(const std::string& task, std::string reason);
  void over(const std::string& task);
  void skip(const std::string& task);

  // --- merges, one at a time in the order of completion ---

  void land_next();
  void leave_done(const std::string& task);
  void landing_ended(const std::string& task, const ProcessEnd& end);
  void settle(const std::string& task, const Landing& landing);
  void merged(const std::string& task, const Landing& landing);
  void resolve_or_fail(const std::string& task, const Landing& landing);

  /// Nothing more is merged, nor started: what works ends, and what is done stays so.
  void flow_is_red(const std::string& task, const Landing& landing);

  /// The worker's part is done and kept: the next run merges it.
  void not_merged(const std::string& task, const std::string& reason);

  // --- signals ---

  void interrupt(int number);
  void end_worker(const Running& one, int number);
  void kill_minds();

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
  RunOutcome outcome_;
  std::optional<Error> failure_;
  std::optional<int> signal_;
  TimerId tick_timer_ = 0;
  TimerId look_timer_ = 0;
  TimerId patience_timer_ = 0;
};

}  // namespace gitplan::supervisor
