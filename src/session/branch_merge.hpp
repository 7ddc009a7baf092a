// A merge on its way into a branch: made on the side, verified, published by compare-and-swap.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "git/merge.hpp"
#include "git/oid.hpp"
#include "session/flow_trust.hpp"

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
using BranchMerge =
    std::variant<MergedCommit, AlreadyMerged, MergeConflicts, VerificationFailed, FlowIsRed>;

/// The branch has it, by this or before.
bool is_merged(const BranchMerge& merge);

/// What is to come out on top of a branch, made without moving anything.
using Made = std::variant<git::Merged, git::Conflicts, AlreadyMerged, FlowIsRed>;

struct MergeInto {
  std::string branch;                 ///< short name
  std::string what;                   ///< what is merged, as messages name it: "branch 'main'"
  std::string source;                 ///< the same as a revision
  std::optional<std::string> verify;  ///< for `sh -c` in a checkout of the merged tree
  std::string reflog;
  std::string again;  ///< the command to run where something was in the way
  std::string undone = "nothing was merged";
  std::function<git::Oid()> tip = {};  ///< of the branch, now
  /// Run again whenever the branch moved meanwhile, or `is_current` says no.
  std::function<Made(const git::Oid& tip)> make = {};
  /// What was merged is still what is to be merged.
  std::function<bool()> is_current = [] { return true; };
  /// The branch is this now.
  std::function<void(const git::Oid& merge)> landed = [](const git::Oid&) {};
};

/// Whoever loses a race makes the merge again; who has lost a few goes alone. Throws FlowBlocked
/// where a worktree that has the branch checked out cannot follow, Error(wrong_state) for a merge
/// that would write into the workers' worktrees, Error(lost_race) if the branch never holds still.
BranchMerge merge_into(Workspace& workspace, const MergeInto& request);

}  // namespace gitplan
