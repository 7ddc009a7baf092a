// Locks: our own flock(2) files in the common folder, and notes that tell a later process which of
// git's .lock files a killed one of ours may have left.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.hpp"

namespace gitplan::git {

class Repository;

/// "<common>/git-plan": where our locks, notes, logs and caches live. Made when first asked for
/// with create.
std::string state_folder(const Repository& repository);
std::string make_state_folder(const Repository& repository);

/// The name under which compare_and_swap takes its turn. Who reads a ref, changes what it says and
/// swaps it should hold it over all three: correctness never needs it, but without it sixteen
/// writers lose fifteen races of sixteen.
inline constexpr std::string_view refs_lock = "refs";

/// The locks, in the order in which a process takes them: none while it holds one that stands
/// below.
///
///   queue-<flow> what is done is verified and landed; nobody waits for it, see try_lock
///   slot-<N>     one slot is emptied; a hook may run under it: nobody else needs that slot then
///   slots        slots and task branches are given out; no hook, no deletion, no verification
///   flow         a merge that has lost races is made and published
///   plans        names of plans are given out and taken back
///   push         one push to the remote that machines share: notes, push, local refs after it
///   checkout     a checkout follows its branch
///   worktrees    git folders of worktrees come and go
///   seen         copies of the remote's refs follow a fetch or a push
///   refs         a ref is read, changed and swapped
///   stale-locks  locks of the dead are removed
///   verified     which trees are green is noted
///
/// Holds an exclusive flock(2) on "<common>/git-plan/<name>.lock". The kernel drops it when the
/// process dies.
class NamedLock {
 public:
  /// Waits its turn, however many wait; a process that holds it for longer than `patience` is named
  /// in the Error(lost_race) that is thrown then.
  /// Taking a lock that this process already holds under this name is counted, not a deadlock.
  NamedLock(const Repository& repository, std::string_view name,
            std::chrono::milliseconds patience = std::chrono::seconds(30));
  NamedLock(NamedLock&&) noexcept;
  NamedLock& operator=(NamedLock&&) noexcept;
  ~NamedLock();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// The lock, if nobody has it.
std::optional<NamedLock> try_lock(const Repository& repository, std::string_view name);

/// While it lives, "<common>/git-plan/notes/<pid>-<n>" says which lock files this process, and the
/// git programs that it starts, may create: absolute paths, such as
/// "<common>/refs/heads/flow.lock". Gone when destroyed. While a note lives, run_git adds each
/// child's process id and start time to it.
class LockNote {
 public:
  /// How often a program takes each of them. Once: a lock that stands there after the file that it
  /// locks was replaced is somebody else's.
  enum class Taken { repeatedly, once };
  LockNote(const Repository& repository, std::vector<std::string> lock_files,
           Taken taken = Taken::repeatedly);
  LockNote(LockNote&&) noexcept;
  LockNote(const LockNote&) = delete;
  LockNote& operator=(const LockNote&) = delete;
  ~LockNote();

 private:
  std::string path_;  ///< empty: moved from, or there is no state folder to write to
  int fd_ = -1;
};

/// True while a LockNote lives in this process: children must then call note_this_process.
bool has_live_notes() noexcept;
/// Adds the calling process (id and start time) to every live note. For a child between fork and
/// exec: async-signal-safe, works as long as the parent's descriptors are still open (they are
/// close-on-exec).
void note_this_process() noexcept;

/// Removes lock files that a note names and whose processes are all dead, where the lock is not
/// younger than the note allows (created before the note, changed within the last 300 ms, or, if
/// taken once, newer than the file that it locks where that is newer than the note, is somebody
/// else's), then the notes. Processes still alive (a git program that outlives the killed parent)
/// are waited for until the locks are as old as `patience`: once, however many commands come. What
/// then still holds a note, and is neither git nor has a lock open, is a daemon that a hook left,
/// and keeps no lock. Every writing command calls it once under its lock; one readdir when there is
/// nothing.
inline constexpr std::chrono::milliseconds child_patience = std::chrono::seconds(10);
void clear_stale_locks(const Repository& repository,
                       std::chrono::milliseconds patience = child_patience);
/// The locks that it would remove, as far as a look tells: nothing is waited for, nothing removed.
std::vector<std::string> stale_locks(const Repository& repository);

}  // namespace gitplan::git
