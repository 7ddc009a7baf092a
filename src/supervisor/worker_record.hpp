// What is known of a slot's worker, kept beside the slot ("<common>/git-plan/workers/<N>/record")
// from the moment that a run gives it a task until the outcome is settled, and of a task that is
// done with its hand-in: a run that is killed is resumed from it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agents/usage.hpp"
#include "base/clock.hpp"
#include "base/fd.hpp"
#include "base/process_identity.hpp"

namespace gitplan::supervisor {

/// Why a task that was done came back: what its worker is told of what was red.
struct SentBack {
  std::string command;
  int exit_status = 0;
  bool timed_out = false;
  std::vector<std::string> last_lines;  ///< that it wrote; see worker_log.hpp
  std::vector<std::string> with;        ///< tasks that it was merged with
  std::string ref;                      ///< where the merge that was red stands
  bool operator==(const SentBack&) const = default;
};

struct WorkerRecord {
  enum class Phase {
    assigned,  ///< its process is about to start
    working,   ///< its process lives, or died without a word
    ended,     ///< see `ending` and `exit_status`
    done,      ///< ended well, waits to land, and holds no slot: `worker` is the one that it had
    parked,    ///< no agent can go on with it now; see `waits_until`
    idle,      ///< its task is settled; the worktree is kept for the next one
  };
  enum class Ending {
    exited,
    timed_out,
    stalled,           ///< timed out, as nothing of it moved any more; see `reason`
    interrupted,       ///< the run was told to stop
    not_prepared,      ///< no worktree could be made: nothing was started; see `reason`
    hook_failed,       ///< wave-pre-run: the command was not started; see `reason`
    worktree_removed,  ///< somebody removed it while the command was at work
    not_merged,        ///< done, but the flow branch cannot take it now; see `reason`
  };
  /// What a worker says by `git task done`.
  struct Word {
    std::string message;       ///< body of the merge message
    bool allow_empty = false;  ///< a branch without a commit of its own, too
    bool operator==(const Word&) const = default;
  };
  int worker = 0;  ///< the slot
  std::string session;
  std::string task;
  std::string branch;
  std::string made_branch_at;          ///< commit of the branch, if it was made for this attempt
  int attempt = 1;                     ///< from 1
  int failures = 0;                    ///< attempts before this one that count against --retries
  std::vector<std::string> conflicts;  ///< files that this attempt is to merge with flow
  bool merged_flow = false;            ///< a conflict was given back to the worker once
  Seconds started = 0;                 ///< of the first attempt
  Seconds attempt_started = 0;
  Seconds ended = 0;
  std::string wanted_agent;    ///< that its task names; empty: the usual one
  std::string agent;           ///< that makes this attempt
  agents::Usage usage;         ///< of this attempt
  agents::Usage usage_before;  ///< of those before it
  Seconds parked_since = 0;    ///< while it is parked
  Seconds parked_before = 0;   ///< for how many seconds it was, all in all
  Seconds waits_until = 0;     ///< while it is parked: when an agent can go on; as far as is known
  std::string log;             ///< absolute path
  std::int64_t log_begin = 0;  ///< bytes that stood in it before this attempt, or its going on
  Phase phase = Phase::assigned;
  Ending ending = Ending::exited;
  int exit_status = 0;  ///< 128 + signal if killed
  std::string reason;   ///< one line; until the end, why the attempt before did not succeed
  std::string
      retried_after;  ///< the same, kept to the end; empty: there was none, or it was cut off
  std::optional<SentBack> sent_back;  ///< why this attempt was begun
  bool allow_empty = false;  ///< the run takes a branch without a commit of its own as done
  std::optional<Word> told;  ///< the worker of this attempt has said that its task is done
  ProcessIdentity run;       ///< the run that takes care of it
  ProcessIdentity mind;      ///< the process that looks after the command
  ProcessIdentity command;
  bool operator==(const WorkerRecord&) const = default;
};

constexpr int exit_not_now = 75;
constexpr int exit_skipped = 125;

/// Of all its attempts.
agents::Usage usage_of(const WorkerRecord& record);

/// Its task is done, to be merged. A worker that has said so may end as it likes, but for what
/// means otherwise.
bool ended_well(const WorkerRecord& record);

std::string encode(const WorkerRecord& record);
std::optional<WorkerRecord> decode_record(std::string_view text);

/// The records of a repository; files are replaced whole.
class WorkerRecords {
 public:
  /// `folder`: "<common>/git-plan/workers". Made when first written to.
  explicit WorkerRecords(std::string folder) : folder_(std::move(folder)) {}
  [[nodiscard]] std::optional<WorkerRecord> read(int worker) const;
  /// By slot.
  [[nodiscard]] std::vector<WorkerRecord> all() const;
  void write(const WorkerRecord& record) const;
  /// Reads it, has it changed, and writes it if `change` says true, while nobody else does: a run
  /// that takes a worker over and the process that looks after it write the same record. Nothing if
  /// there is none, or it was not written.
  std::optional<WorkerRecord> update(int worker,
                                     const std::function<bool(WorkerRecord&)>& change) const;
  void erase(int worker) const;
  /// Asks the process that looks after the worker to end it; it looks now and then.
  void ask_to_stop(int worker) const;
  [[nodiscard]] bool is_asked_to_stop(int worker) const;
  /// Before a worker starts: neither that, nor how an earlier one ended, is about it.
  void start_afresh(int worker) const;
  /// Where the command's exit status is put as it ends, by a process that outlives all of ours.
  [[nodiscard]] std::string status_file(int worker) const;
  /// What stands there; nothing if it has not ended, or was killed.
  [[nodiscard]] std::optional<int> kept_status(int worker) const;
  /// Where the command may leave a time at which it can be tried again, and what it has used.
  [[nodiscard]] std::string retry_file(int worker) const;
  [[nodiscard]] std::string usage_file(int worker) const;
  /// Where the worker's prompt is put.
  [[nodiscard]] std::string prompt_file(int worker) const;

 private:
  [[nodiscard]] Fd lock(int worker) const;
  [[nodiscard]] std::string path(int worker, std::string_view name) const;
  std::string folder_;
};

}  // namespace gitplan::supervisor
