// One task's way into the flow branch: merged on the side, verified, published by compare-and-swap.
#pragma once

#include <optional>
#include <string>

#include "session/branch_merge.hpp"
#include "session/run_facts.hpp"
#include "session/view.hpp"

namespace gitplan {

class Workspace;

struct MergeRequest {
  std::string body;                   ///< of the merge message
  std::optional<std::string> verify;  ///< for `sh -c` in a checkout of the merged tree
  RunFacts facts = {};     ///< of its run; what they leave open is taken from slot and branch
  std::string again = {};  ///< the command, for hints; empty: git task done <id>
};

using MergedTask = MergedCommit;
using TaskMerge = BranchMerge;

/// Merges again whenever flow has moved meanwhile, or commits came to the branch: all that it has
/// by the time that flow moves is merged, also where an earlier merge left some out. AlreadyMerged:
/// there was nothing more. Throws Error(wrong_state) where the worktree
/// that has flow checked out cannot follow, or the branch is one whose merge was reverted.
TaskMerge merge_task(Workspace& workspace, const PlanView& view, TaskIndex index,
                     const TaskBranch& branch, const MergeRequest& request);

/// The task on top of `onto`, which flow is or could become, with all that its branch has by now,
/// which is left in `latest`; no ref moves. AlreadyMerged: `onto` has all of it. Throws as
/// merge_task does, but for what concerns the worktree that has flow.
Made make_task_merge(Workspace& workspace, const PlanView& view, TaskIndex index,
                     TaskBranch& latest, const git::Oid& onto, const MergeRequest& request);

/// What merges of a task are called where one cannot be made.
MergedThing merged_thing(const TaskBranch& branch);

/// The task's branch, also where its metadata file was deleted on the way (found by what the
/// branch's commits held).
std::optional<TaskBranch> find_branch(const Workspace& workspace, const PlanView& view,
                                      TaskIndex index);

}  // namespace gitplan
