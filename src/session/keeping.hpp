// What a run does to keep its claims of a shared plan, and to learn of others': looks, renewals,
// what it may take over, what it has lost. When each is due, remote/keeping.hpp says.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "remote/keeping.hpp"
#include "session/claiming.hpp"
#include "session/run_wants.hpp"

namespace gitplan {

/// A plan that a run works on.
struct KeptPlan {
  std::string session;
  std::string flow_branch;
};

/// The claims of a plan that are held, as they were seen last.
struct ClaimsSeen {
  remote::StandingClaims all;  ///< by their refs
  std::set<std::string> own;   ///< of this clone
};
ClaimsSeen claims_seen(const Workspace& workspace, const std::string& session);

/// One connection where nothing has moved, else what moved is fetched, and what stands here
/// follows. True: something had moved. Throws Error(lost_race) "remote_unreachable".
bool look_at_remote(const Workspace& workspace, const KeptPlan& plan);

/// In one push: this run's claims anew, with those of runs of this clone that died, and the task
/// branches that have moved; with what is done its ref. Nothing that is not there is created.
/// `left_out`: branches that the host did not take, which grows. False: nothing is held. Throws as
/// Publishing::write.
bool renew_claims(const Workspace& workspace, const KeptPlan& plan, const ClaimedBy& by,
                  std::set<std::string>& left_out);

/// Ends, in one push, this run's claims of what is not done, and renews the others; the task
/// branches go with them, and `rescued` (local refs). Throws as Publishing::write.
void give_back_claims(const Workspace& workspace, const KeptPlan& plan, const ClaimedBy& by,
                      const std::vector<std::string>& rescued);

/// Claims (refs, and what stands there) of tasks that are over: they end if they stand there still.
void sweep_claims(const Workspace& workspace, const KeptPlan& plan,
                  const std::vector<std::pair<std::string, git::Oid>>& claims);

/// The task of a claim's ref.
std::optional<TaskIndex> task_of_claim(const Workspace& workspace, const PlanView& view,
                                       const std::string& ref);

/// Fetches where the remote has a task's branch, and what is done of it, and has both here follow.
void take_remote_work(const Workspace& workspace, const PlanView& view, TaskIndex task,
                      const std::string& branch);

/// The commits of a task branch that neither the remote's nor flow has become an attempt, and the
/// branch here is where the remote's is. Returns the attempt's ref.
std::optional<std::string> keep_lost_branch(const Workspace& workspace, const KeptPlan& plan,
                                            const std::string& task, const std::string& branch);

}  // namespace gitplan
