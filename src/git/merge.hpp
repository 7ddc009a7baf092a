// Merging a task branch into the flow branch, without moving any checkout but one that has flow.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "git/oid.hpp"

namespace gitplan::git {

class Repository;

struct Merged {
  Oid commit;
};
struct Conflicts {
  std::vector<std::string> paths;
};

/// A merge commit of `theirs` into `ours` with this message; no ref moves. Runs git merge-tree and
/// commit-tree (signed where commit.gpgSign says so), with the .gitattributes of `ours`. Where the
/// repository has a pre-merge-commit, prepare-commit-msg or commit-msg hook, the merge is made by
/// `git merge --no-ff` in a scratch worktree, so that they run; a hook that refuses throws
/// Error(negative).
std::variant<Merged, Conflicts> merge_commit(const Repository& repository, const Oid& ours,
                                             const Oid& theirs, const std::string& message);

/// A checkout of `commit` in a scratch worktree that is kept for re-use
/// ("<common>/git-plan/scratch-<n>", one for each process that needs one at the same time), clean;
/// `use` runs while it stays ours.
void with_checkout(const Repository& repository, const Oid& commit,
                   const std::function<void(const std::string& folder)>& use);

enum class FlowUpdate {
  moved,
  lost_race,  ///< the branch is not at `expected` any more
  blocked,  ///< local changes of the worktree that has it checked out are in the way; nothing moved
  busy,     ///< a merge, rebase, bisect or the like is under way in the worktree that has it
  conflicted,  ///< that worktree has conflicts which nobody has resolved
  away,        ///< that worktree is not where git has recorded it
  unplaced,    ///< the main worktree has it checked out, and nothing tells where that stands
  shared,      ///< several worktrees have it checked out: only one could follow
};
struct FlowResult {
  FlowUpdate update = FlowUpdate::moved;
  std::string worktree;  ///< of blocked, busy, conflicted, away: which one; of unplaced: the common
                         ///< folder
  std::vector<std::string> paths;  ///< of blocked: what is in the way; of conflicted and busy: what
                                   ///< is in conflict; of shared: the worktrees
};

/// Moves the branch (full name; of a symbolic one its target) from `expected` to its descendant
/// `desired`: by compare_and_swap where it is checked out nowhere, by
/// `git merge --ff-only --no-overwrite-ignore` in the worktree that has it. No checkout is left
/// behind: where one cannot follow, nothing moves. Killed in the middle of the latter, the next
/// `advance_branch` or `recover_checkout` restores that worktree to what it was before.
FlowResult advance_branch(const Repository& repository, const std::string& branch,
                          const Oid& expected, const Oid& desired,
                          const std::string& reflog_message);

/// Undoes a half-done fast-forward of a killed process, from its journal; one stat when there is
/// none.
void recover_checkout(const Repository& repository);

}  // namespace gitplan::git
