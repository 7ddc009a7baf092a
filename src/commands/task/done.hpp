// `git task done`: merges a task into the flow branch and records it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/oid.hpp"
#include "plan/diagnostic.hpp"
#include "session/json.hpp"
#include "session/ready_branch.hpp"
#include "session/view.hpp"
#include "supervisor/worker_record.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

enum class AfterMerge { keep_worktree, remove_worktree };
struct DoneRequest {
  std::optional<std::string> task;
  std::string message;                ///< body of the merge message
  std::optional<std::string> verify;  ///< for `sh -c` in a checkout of the merged tree
  AfterMerge after = AfterMerge::keep_worktree;
  Empty empty = Empty::refuse;
};

struct DoneResult {
  enum class Outcome {
    merged,
    already_merged,
    conflicts,
    verification_failed,
    flow_is_red,      ///< whatever is merged into it: nobody is to blame, nothing was merged
    told,             ///< nothing was merged: the run that has the task will
    refused_by_hook,  ///< wave-pre-land; see `red`
    given_up          ///< taken back, or given up, while it waited to be verified; see `reason`
  } outcome = Outcome::merged;
  std::string session;
  std::string task;
  std::string branch;
  std::string flow_branch;
  std::optional<git::Oid> merge_commit;  ///< already merged: the earlier one, where it is known
  std::int64_t version = 0;
  std::vector<std::string> conflicts;       ///< paths
  int verify_status = 0;                    ///< of the merge, or of flow
  std::optional<git::Oid> red_flow;         ///< the commit that it was at
  bool flaky = false;                       ///< merged, though its tree was red before it was green
  std::optional<supervisor::SentBack> red;  ///< what failed its verification
  std::string reason;                       ///< why it was given up
  std::optional<std::string> removed_worktree;
  std::optional<std::string> worktree;  ///< of the slot that holds it
  Diagnostics warnings;

  [[nodiscard]] bool success() const {
    return outcome == Outcome::merged || outcome == Outcome::already_merged ||
           outcome == Outcome::told;
  }
};

/// Conflicts and a failed verification are answers: nothing has moved then. A task that a live run
/// has is left to that run, which is told. Throws Error(wrong_state) for a slot that
/// refuse_unready_slot refuses, a task without a branch or without work, a reverted merge, or local
/// changes in the way of the flow branch's worktree.
DoneResult finish_task(Workspace& workspace, const DoneRequest& request);
Json to_json(const DoneResult& result);

}  // namespace gitplan::commands
