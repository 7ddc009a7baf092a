// A merge on its way into a branch: made on the side, verified, published by compare-and-swap.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "git/merge.hpp"
#include "git/oid.hpp"

namespace gitplan {

class Workspace;

struct MergedCommit {
  git::Oid commit;
};
struct AlreadyMerged {};
struct MergeConflicts {
  std::vector<std::string> paths;
};
struct VerificationFailed {
  int exit_status = 0;
};
using BranchMerge = std::variant<MergedCommit, AlreadyMerged, MergeConflicts, VerificationFailed>;

/// The branch has it, by this or before.
bool is_merged(const BranchMerge& merge);

/// What is to come out on top of a branch, made without moving anything.
using Made = std::variant<git::Merged, git::Conflicts, AlreadyMerged>;

/// What is merged, as messages have it.
struct MergedThing {
  std::string name;      ///< "branch 'main'"
  std::string revision;  ///< the same, for git
  std::string undone = "nothing was merged";
};

/// Throws Error(wrong_state) for a merge that no branch may move to: it has what no checkout can
/// hold, or would write into the workers' worktrees.
void refuse_unfit_merge(const Workspace& workspace, const MergedThing& merged,
                        const git::Oid& before, const git::Oid& merge);

struct MergeInto {
  std::string branch;  ///< short name
  MergedThing merged;
  std::optional<std::string> verify;  ///< for `sh -c` in a checkout of the merged tree
  std::string reflog;
  std::string again;                   ///< the command to run where something was in the way
  std::function<git::Oid()> tip = {};  ///< of the branch, now
  /// Run again whenever the branch moved meanwhile, or `is_current` says no.
  std::function<Made(const git::Oid& tip)> make = {};
  /// Moves the branch where machines share it; false: it was somewhere else. Without it, it moves
  /// here alone.
  std::function<bool(const git::Oid& from, const git::Oid& to)> publish = {};
  /// What was merged is still what is to be merged.
  std::function<bool()> is_current = [] { return true; };
};

/// Whoever loses a race makes the merge again; who has lost a few goes alone. Throws FlowBlocked
/// where a worktree that has the branch checked out cannot follow, Error(lost_race) if the branch
/// never holds still; what refuse_unfit_merge does.
BranchMerge merge_into(Workspace& workspace, const MergeInto& request);

}  // namespace gitplan
