// One task's way into the flow branch: merged on the side, verified, published by compare-and-swap.
#pragma once

#include <optional>
#include <string>

#include "session/branch_merge.hpp"
#include "session/flow_trust.hpp"
#include "session/run_facts.hpp"
#include "session/view.hpp"

namespace gitplan {

class Workspace;

struct MergeRequest {
  std::string body;                   ///< of the merge message
  std::optional<std::string> verify;  ///< for `sh -c` in a checkout of the merged tree
  RunFacts facts = {};         ///< of its run; what they leave open is taken from slot and branch
  FlowTrust* trust = nullptr;  ///< where what others made of flow is verified first
};

using MergedTask = MergedCommit;
using TaskMerge = BranchMerge;

/// Merges again whenever flow has moved meanwhile, or commits came to the branch: all that it has
/// by the time that flow moves is merged, also where an earlier merge left some out. AlreadyMerged:
/// there was nothing more. Throws Error(wrong_state) where the worktree
/// that has flow checked out cannot follow, or the branch is one whose merge was reverted.
TaskMerge merge_task(Workspace& workspace, const PlanView& view, TaskIndex index,
                     const TaskBranch& branch, const MergeRequest& request);

/// The task's branch, also where its metadata file was deleted on the way (found by what the
/// branch's commits held).
std::optional<TaskBranch> find_branch(const Workspace& workspace, const PlanView& view,
                                      TaskIndex index);

}  // namespace gitplan
