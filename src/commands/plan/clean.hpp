// `git plan clean`: puts away what finished plans have left in flow and among the branches.
#pragma once

#include <string>
#include <vector>

#include "git/refs.hpp"
#include "session/json.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

struct CleanRequest {
  enum class Doing { for_real, dry_run } doing = Doing::for_real;
  /// which_flow_has: a branch stays where flow lacks a commit of it.
  enum class Branches { which_flow_has, all } branches = Branches::which_flow_has;
};

struct CleanResult {
  struct Kept {
    std::string session;
    std::string reason;
  };
  struct Branch {
    std::string name;  ///< "task/001-user-model"
    git::Oid tip;
    std::string reason;  ///< of one that is kept
  };
  struct KeptCommit {
    std::string branch;
    std::string ref;
    git::Oid commit;
  };
  struct FlowCommit {
    std::string flow_branch;
    git::Oid commit;
  };
  CleanRequest::Doing doing = CleanRequest::Doing::for_real;
  std::vector<std::string> cleaned;  ///< sessions
  std::vector<Kept> kept;            ///< plans that are not finished, or cannot be cleaned up
  std::vector<Branch> removed_branches;
  std::vector<Branch> kept_branches;     ///< of finished plans
  std::vector<KeptCommit> kept_commits;  ///< that only the logs of deleted branches had
  std::vector<git::Ref> dropped_refs;    ///< rescue and attempt refs older than 30 days
  std::vector<FlowCommit> commits;       ///< one for each flow branch that changed
};

/// Of the plan that --plan names, else of all plans that are finished: records what flow shows of
/// them, takes their metadata out of flow in one commit (of each flow branch), notes when in the
/// plan, deletes their task branches (what only their logs have is kept as attempts), and drops old
/// attempts and rescue refs. No slot is touched, and no branch that is checked out. Killed, or said
/// again, it does what is left. Throws Error(wrong_state) where --plan names a plan that is not
/// finished, and where the worktree that has flow cannot follow.
CleanResult clean_plans(Workspace& workspace, const CleanRequest& request);
Json to_json(const CleanResult& result);

}  // namespace gitplan::commands
