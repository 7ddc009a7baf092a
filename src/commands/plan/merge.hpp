// `git plan merge`: brings any commit into the flow branch.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "session/branch_merge.hpp"
#include "session/json.hpp"

namespace gitplan::commands {

struct MergeCommitRequest {
  std::string commit;                 ///< as git rev-parse reads it
  std::optional<std::string> verify;  ///< for `sh -c` in a checkout of the merged tree
};

struct MergeCommitResult {
  std::string what;  ///< "branch 'main'"
  std::string flow_branch;
  BranchMerge merge;
};

/// Always a merge commit, with flow's own .plan/. Throws Error(not_found) for what is no commit,
/// Error(wrong_state) for one that has a task that is not completed, unrelated histories, or where
/// the worktree that has flow cannot follow.
MergeCommitResult merge_commit_into_flow(Workspace& workspace, const MergeCommitRequest& request);
Json to_json(const MergeCommitResult& result);

/// "success", "flow_branch", "merge_commit" (null: there was nothing to merge, or it was not
/// merged) and "conflicts".
Json merge_object(const BranchMerge& merge, const std::string& flow_branch);

}  // namespace gitplan::commands
