// The flow branch: where finished work accumulates.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "git/oid.hpp"
#include "store/ledger.hpp"

namespace gitplan {

class Workspace;

/// Of new plans: $GIT_PLAN_FLOW_BRANCH, plan.flowBranch, "flow".
std::string default_flow_branch(const Workspace& workspace);
/// The same without the environment.
std::string configured_flow_branch(const Workspace& workspace);

/// The commit of the flow branch, made if it is missing: at `start` if given, else where the
/// remote's branch of that name is, else at the main worktree's HEAD. Nothing with an unborn HEAD
/// and nothing else to start from. Throws Error(wrong_state) where HEAD is a task branch,
/// Error(not_found) for a `start` that is no commit.
std::optional<git::Oid> ensure_flow(Workspace& workspace, const std::string& flow_branch,
                                    const std::optional<std::string>& start = std::nullopt);

/// What flow holds: here, or where the remote that machines share was seen to be ahead, there.
FlowFacts flow_facts(const Workspace& workspace, Ledger& ledger, const std::string& flow_branch);

/// As ensure_flow, but with an unborn HEAD throws Error(wrong_state) that says to commit first.
git::Oid require_flow(Workspace& workspace, const std::string& flow_branch);

struct InitRequest {
  std::optional<std::string> flow;
  std::optional<std::string> start;
};
struct InitResult {
  std::string flow_branch;
  git::Oid commit;
  bool created = false;
};
/// `git plan init`.
InitResult init(Workspace& workspace, const InitRequest& request);

}  // namespace gitplan
