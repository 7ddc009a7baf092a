// The loop of `git wave run`: who works, who is tried again, what becomes of those that are done.
// It knows neither git nor the plan: Work does what it decides, Observer is told. Done tasks hold
// no slot; one process, the lander, lands them all and says, a line at a time, how that went.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "supervisor/keeper_news.hpp"
#include "supervisor/limits.hpp"
#include "supervisor/process_runner.hpp"
#include "supervisor/worker_record.hpp"

namespace gitplan::supervisor {

enum class Scheduling { continuous, barrier };  ///< barrier: one wave ends before the next starts
enum class OnFailure { stop_starting, keep_going };

struct RunPolicy {
  int workers = 3;
  int retries = 0;
  Scheduling scheduling = Scheduling::continuous;
  OnFailure on_failure = OnFailure::stop_starting;
  /// A process that was told to end gives what it has started its time; then it is killed itself.
  std::chrono::seconds patience{20};
};

/// What is said of a task that was handed in.
struct Landing {
  enum class Outcome {
    queued,   ///< it waits to land; its slot is free
    held,     ///< a gate holds it back; it goes on waiting
    offered,  ///< with wave.land=wait: verified, and waits until somebody else lands it
    merged,
    already_merged,  ///< by the worker itself, or anyone
    left_work,       ///< uncommitted changes stand in the worktree
    conflicts,       ///< with flow
    verification_failed,
    flow_is_red,  ///< somebody else made it so: nothing may be built on it
    taken_back,   ///< somebody has reset it: it starts over
    cancelled,    ///< by whoever does not want it any more
    given_up,     ///< its worker, or a person, recorded that it failed
    refused,      ///< the flow branch cannot take it now: not the worker's fault; of no task: any
    superseded,   ///< another machine has it now
  } outcome = Outcome::merged;
  std::string commit;  ///< of merged, and of flow_is_red
  std::vector<std::string> conflicts;
  std::string reason;
  std::string command = {};  ///< of flow_is_red: what it fails
  int exit_status = 0;
  bool flaky = false;                      ///< of merged: its tree was red before it was green
  std::optional<SentBack> sent_back = {};  ///< of verification_failed
};

/// One that has ended: of a merge of these tasks on top of flow.
struct Verification {
  std::string tree;
  std::vector<std::string> tasks;
  bool success = false;
  double seconds = 0;
};

struct TaskLanding {
  std::string task;  ///< flow_is_red and refused are also said of no task
  Landing landing;
};

/// What a line of the lander says.
using LanderNews = std::variant<TaskLanding, Verification, Connection>;

struct Event {
  enum class Kind {
    started,
    retried,
    done,       ///< ended well, waits to land, and its slot is free
    held,       ///< by a gate; see `reason`
    offered,    ///< verified: somebody else is to land it
    verified,   ///< see `verification`; of no worker
    sent_back,  ///< was done, and is not; `retried` follows once it has a slot, or `failed`
    flaky,      ///< merged, which follows, though its tree was red before it was green
    merged,
    failed,
    needs_decision,  ///< given up by its worker with a question; see `reason`
    skipped,
    parked,   ///< its agent, see `agent` and `until`
    woken,    ///< an agent can be asked again; of no worker
    stalled,  ///< nothing of it moved any more: `retried` or `failed` follows
    capped,   ///< nothing more starts, see `cap`; of no worker
    not_merged,
    flow_red,  ///< found at a worker's merge, or, without one, at the end
    offline,   ///< the remote that machines share cannot be reached; of no worker
    online,
    superseded,  ///< another machine has it now; its work is kept, see `ref`
    interrupted
  };
  Kind kind = Kind::started;
  WorkerRecord worker;
  std::string reason;
  std::string commit;        ///< of merged
  std::string log;           ///< what was written up to now, where that tells more
  std::string command = {};  ///< of flow_red: what the flow branch fails, and how
  int exit_status = 0;
  std::optional<Verification> verification = {};  ///< of verified
  std::string ref = {};                           ///< of superseded; empty: nothing was to keep
  std::string agent = {};                         ///< of parked and woken
  Seconds until = 0;                              ///< of parked
  std::optional<agents::Reached> cap = {};        ///< of capped
};

class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;
  virtual void on_event(const Event& event) = 0;
  /// Some times a second, with those that have a worker, wait to land, or wait for a slot again.
  virtual void on_tick(const std::vector<WorkerRecord>& running) = 0;
};

/// What a task may be chosen from.
struct Claimable {
  std::set<std::string> but;                  ///< tasks that this run has had
  std::optional<std::set<std::string>> only;  ///< with a barrier: those of the wave
  std::set<int> idle;                         ///< slots that may be taken over
  int room = 0;                               ///< workers that have nothing to do
  /// Who begins it now, by the agent that it wants ("": the usual one); nobody: it has to wait.
  std::function<std::optional<std::string>(const std::string& wanted)> taker;
};

/// What a lander is to do with what was handed in: keep is to note that it is done, no more.
enum class Lands { all, keep };

/// Which of a worker's processes lives, the one that looks after it first.
enum class Living { none, mind, command };

/// What the loop asks for; each call sees the repository as it is by then.
class Work {
 public:
  Work() = default;
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;
  virtual ~Work() = default;

  /// Takes over the workers of runs that died, and their tasks that are done.
  virtual std::vector<WorkerRecord> adopt() = 0;
  /// Gives the best task that can start a slot. A record that has `ended` already is of a task that
  /// could not be given one, with the reason.
  virtual std::optional<WorkerRecord> claim_next(const Claimable& claimable) = 0;
  /// Tasks that may start now, those included that wait for a slot or for others' files.
  virtual std::set<std::string> startable() = 0;
  /// Writes the record, with its new log, and the prompt; says how its process is started.
  virtual ProcessSpec worker_process(WorkerRecord& record) = 0;

  /// Hands the task in, to be landed by whoever does. The record is kept with it until `settled`.
  /// One that is handed in already stays so.
  virtual void offer(const WorkerRecord& record) = 0;
  /// The process that lands what was handed in. It ends by itself once nothing of this run waits.
  virtual ProcessSpec lander_process(Lands what) = 0;
  /// Nothing for a line that says nothing of a task or a verification.
  virtual std::optional<LanderNews> lander_said(std::string_view line) = 0;
  /// The slot of a task that is done may go to another one. From then on the record is with the
  /// hand-in only.
  virtual void free_slot(const WorkerRecord& record) = 0;
  /// What became of the task has been taken note of: its hand-in is over.
  virtual void settled(const WorkerRecord& record) = 0;
  /// Gives a task that was sent back a slot (of `claimable` only `idle` matters), and the record
  /// with it. Nothing where none can be had now; a record that has `ended` where it cannot be
  /// prepared, with the reason.
  virtual std::optional<WorkerRecord> claim_back(const WorkerRecord& record,
                                                 const Claimable& claimable) = 0;

  /// The record as its process left it.
  virtual WorkerRecord reread(const WorkerRecord& record) = 0;
  virtual void write(const WorkerRecord& record) = 0;
  /// The flow branch has it: its worker, or anyone, merged it.
  virtual bool is_merged(const WorkerRecord& record) = 0;
  /// Of a task that was parked: false where somebody has reset it, or begun it elsewhere.
  virtual bool still_stands(const WorkerRecord& record) = 0;
  /// taken_back, cancelled or given_up, if the task is no longer to be done: its worker, or a
  /// person, recorded that.
  virtual std::optional<Landing> given_up(const WorkerRecord& record) = 0;
  /// What lives of a worker that another run started, as far as it is surely that: whoever else has
  /// the process id by now is nobody to wait for.
  virtual Living living(const WorkerRecord& record) = 0;
  /// Asks the mind of a worker that another run started to end it. No signal is sent to a process
  /// that is not below this one.
  virtual void ask_to_stop(const WorkerRecord& record) = 0;
  /// Ends what is left of a worker whose own process was killed.
  virtual void end_strays(const WorkerRecord& record) = 0;

  /// Records the completions so far; called now and then, and at the end.
  virtual void record_merged() = 0;
  virtual void fail(const WorkerRecord& record, const std::string& reason) = 0;
  /// As `git task reset` does.
  virtual void skip(const WorkerRecord& record) = 0;
  virtual void forget(const WorkerRecord& record) = 0;
  /// The signal that came meanwhile, if one did; the slot may stand still then.
  virtual std::optional<int> remove_slot(int worker) = 0;
  /// Another run that lives has a worker on this plan, or on what holds back a task of it: more may
  /// become ready. Where machines share the plan, also whether what this one wants is still to be
  /// claimed, or may come free.
  virtual bool others_work() = 0;

  // --- where machines share the plan: what a task needs is claimed by a process beside the run,
  // which also keeps and watches the claims ---

  /// Nothing where none do.
  virtual std::optional<ProcessSpec> keeper_process() { return std::nullopt; }
  virtual std::optional<KeeperNews> keeper_said(std::string_view /*line*/) { return std::nullopt; }
  /// What it may claim from now on.
  virtual void want(const Claimable& /*claimable*/) {}
  /// Empties the slot of a task that is not this run's any more; returns the ref where commits are
  /// kept that nobody else has. Empty: there were none.
  virtual std::string keep_lost(const WorkerRecord& /*record*/) { return {}; }
  /// At the end: what is still claimed is given back, with all that was done, where a signal or
  /// anything else ended the run.
  virtual void end_sharing() {}
};

struct RunOutcome {
  std::optional<int> signal;   ///< that ended it
  std::optional<Landing> red;  ///< what was found of the flow branch
  std::optional<agents::Reached> capped;
  std::map<std::string, std::string> left;  ///< why, by task: skipped, or done and not merged
};

/// Runs until nothing more can. Nothing that it started is left then.
RunOutcome supervise(ProcessRunner& runner, Work& work, Limits& limits, Observer& observer,
                     const RunPolicy& policy);

}  // namespace gitplan::supervisor
