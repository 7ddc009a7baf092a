// The state of a run, and what happens to it: see supervisor.hpp. The loop itself stands in
// supervisor.cpp, what becomes of workers in supervisor_workers.cpp, of those whose agents cannot
// work in supervisor_agents.cpp, of what is done in supervisor_landing.cpp. Private to this room.
#pragma once

#include <chrono>
#include <exception>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "supervisor/supervisor.hpp"

namespace gitplan::supervisor {

/// Nothing is known of the remote, or it cannot take anything now: to be tried again.
bool is_remote_away(const Error& error);

/// One task that this run takes care of.
struct Running {
  enum class Stage {
    works,
    handed_in,  ///< done, and still in its slot
    queued,     ///< done, without a slot
    put_off,    ///< the same, and not to land before others say so
    returning,  ///< sent back, waits for a slot
    parked,     ///< in its slot, until an agent can go on with it
    unrecorded  ///< failed, which the remote cannot be told now
  } stage = Stage::works;
  WorkerRecord record;
  int mind = 0;                           ///< process id, while it works
  Living adopted = Living::none;          ///< what lives of it, where another run started it
  int lost = 0;                           ///< how often that was killed
  std::optional<Event::Kind> put_off_as;  ///< what was said when it was put off
  bool is_killed = false;                 ///< by this run, which ends
  std::optional<LostTask> lost_as = {};   ///< it is to end: it is not this run's any more

  [[nodiscard]] bool has_slot() const { return takes_room() || stage == Stage::parked; }
  /// Counts against the number of workers.
  [[nodiscard]] bool takes_room() const {
    return stage == Stage::works || stage == Stage::handed_in || stage == Stage::unrecorded;
  }
  [[nodiscard]] bool is_done() const {
    return stage == Stage::handed_in || stage == Stage::queued || stage == Stage::put_off;
  }
};

/// The process that lands what is done.
struct Lander {
  int process = 0;          ///< 0: none lives
  bool told = false;        ///< what became of a task
  bool is_ending = false;   ///< it was asked to
  bool is_keeping = false;  ///< it lands nothing
  int silent = 0;           ///< how many in a row ended without having told, though tasks waited
};

class Supervisor {
 public:
  Supervisor(ProcessRunner& runner, Work& work, Limits& limits, Observer& observer,
             const RunPolicy& policy)
      : runner_(&runner), work_(&work), limits_(&limits), observer_(&observer), policy_(policy) {}

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
    const auto found = running_.find(task);
    if (found == running_.end() || found->second.mind != 0) return;
    const WorkerRecord record = found->second.record;
    running_.erase(found);
    guarded([&] { tell(Kind::interrupted, record, failure_->what()); });
  }

  using Stage = Running::Stage;

  [[nodiscard]] bool may_start() const { return may_go_on() && !stopping_; }

  /// The tasks that were begun get all their attempts, also after another one failed.
  [[nodiscard]] bool may_go_on() const { return !signal_ && !failure_ && !outcome_.capped; }

  /// Starts and lands what can be, and tells whether nothing is left to wait for. Another run is
  /// asked about before and after: what it ends or claims meanwhile changes what can start here.
  [[nodiscard]] bool is_over();

  void remove_idle_slots();

  /// After anything happened: what is done, then tasks that were sent back, then new ones.
  void step();
  [[nodiscard]] bool has_room() const;
  bool start_next();

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
  void take_back();
  void claim_back(const std::string& task);
  void take_over(WorkerRecord record);
  void mind_ended(const std::string& task);
  void judge(const std::string& task);

  /// Killed before it could say anything: no fault of its command.
  void start_over(const std::string& task);
  void try_again_or_fail(const std::string& task, std::optional<SentBack> sent_back = {});
  /// In its slot, or in the next free one.
  void begin_attempt(WorkerRecord next);

  // --- agents ---

  [[nodiscard]] agents::AtWork at_work() const;
  std::optional<std::string> taker(const WorkerRecord& record);
  [[nodiscard]] int retries_of(const WorkerRecord& record) const;
  /// Begins it with whoever can now, or has it wait in its slot.
  void start_or_wait(WorkerRecord next, std::string_view why = {});
  void park(const std::string& task, const agents::NotNow& word);
  void wait_for_agent(const std::string& task);
  [[nodiscard]] std::vector<std::string> parked_tasks() const;
  void wake();
  void resume(const std::string& task, const std::string& agent);
  /// Parked tasks do not keep a run in which nothing else may start.
  void leave_parked();
  void leave_waiting(const std::string& task);
  [[nodiscard]] bool is_waiting_only() const;
  void end_long_wait();
  void look_at_agents();
  void look_at_caps();

  // --- ends ---

  /// As it stands: the next run goes on with it.
  void leave(const std::string& task);
  /// Whatever its command ended with since this run was told to end: it is no failure.
  void leave_interrupted(const std::string& task);
  void fail(const std::string& task, const std::string& reason);

  /// Ends it here: said, and recorded before if it is a failure of the task itself.
  void given_up(const std::string& task, std::string reason);
  void over(const std::string& task);
  void let_go(const std::string& task);
  void cancelled(const std::string& task, const std::string& reason);
  void skip(const std::string& task);

  // --- what is done ---

  void hand_in(const std::string& task);

  /// One lander lives while anything waits to land; what still waits when nothing more is to land
  /// is left once it has ended.
  void see_to_lander();
  void start_lander(Lands what);
  /// Nothing lands any more; what ends well is done all the same, and needs no slot.
  void keep_done();
  void end_lander();
  void lander_ended(const ProcessEnd& end);
  void offer_again();
  [[nodiscard]] bool is_landing_over() const;
  [[nodiscard]] std::vector<std::string> done_tasks() const;

  void lander_said(std::string_view line);
  void hear(const Verification& verification);
  /// Of a task that is not this run's, or is not done any more, nothing is heard.
  void hear(const TaskLanding& news);
  void settle(const std::string& task, const Landing& landing);
  void queue(const std::string& task);
  void put_off(const std::string& task, Kind kind, const std::string& reason);
  void merged(const std::string& task, const Landing& landing);
  void send_back(const std::string& task, const Landing& landing);
  void resolve_or_fail(const std::string& task, const Landing& landing);
  void taken_back(const std::string& task, const std::string& reason);

  /// Nothing more lands, nor starts: what works ends, and what is done stays so.
  void stop_landing(const std::string& reason);
  void flow_is_red(const Landing& landing, const WorkerRecord& found_by);

  void refused(const std::string& task, const std::string& reason);
  void leave_done(const std::string& task);
  /// The worker's part is done and kept: the next run lands it.
  void not_merged(const std::string& task, const std::string& reason);

  // --- where machines share the plan ---

  void see_to_keeper();
  void end_keeper();
  void wait_for_keeper();
  void keeper_said(std::string_view line);
  void hear(const Connection& connection);
  void hear(const LostTask& lost);
  /// It has changed what may be claimed, or whether there is anything to wait for.
  void hear(const SeenTo& /*seen_to*/) {}
  void hear(const Stirred& /*stirred*/) {}
  void hear(const KeeperFailed& failed);
  void lose(const std::string& task);
  void record_later(const std::string& task, const std::string& reason);
  void leave_unrecorded();
  /// What may be claimed, and for how many workers.
  [[nodiscard]] int room() const;

  // --- signals ---

  void interrupt(int number);
  void end_worker(const Running& one, int number);
  void kill_all();

  ProcessRunner* runner_;
  Work* work_;
  Limits* limits_;
  Observer* observer_;
  RunPolicy policy_;
  std::map<std::string, Running> running_;  ///< by task
  Lander lander_;
  std::optional<std::string> landing_stopped_;  ///< why
  Claimable claimable_;
  std::map<std::string, int> taken_back_;  ///< how often, by task
  std::set<int> idle_;                     ///< slots whose task is merged, or waits to land
  int unrecorded_ = 0;
  int looks_ = 0;
  Seconds productive_at_ = 0;  ///< when anything but waiting for agents was done last
  int keeper_ = 0;             ///< process id; 0: none lives
  bool offline_ = false;
  bool stopping_ = false;
  RunOutcome outcome_;
  std::optional<Error> failure_;
  std::optional<int> signal_;
  bool is_signal_fresh_ = false;
  TimerId tick_timer_ = 0;
  TimerId look_timer_ = 0;
  TimerId patience_timer_ = 0;
  TimerId fresh_timer_ = 0;
  TimerId lander_patience_timer_ = 0;
};

}  // namespace gitplan::supervisor
