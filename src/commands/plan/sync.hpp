// `git plan sync`: this clone and the remote that machines share plans through, brought together.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/merge_plans.hpp"
#include "session/json.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

/// A plan that both sides wrote, and what of it they wrote differently.
struct PlanConflicts {
  std::string session;
  std::vector<MergeConflict> conflicts;
};
struct MergedPlan {
  std::string session;
  std::int64_t version = 0;
  std::vector<RenamedTask> renamed;
};
/// A flow branch that both sides moved, and where they touched the same.
struct FlowConflict {
  std::string flow_branch;
  std::vector<std::string> paths;
};
struct SyncResult {
  std::string remote;
  std::vector<std::string> plans;        ///< all that the remote has
  std::vector<std::string> updated;      ///< branches here that follow the remote's now
  std::vector<MergedPlan> merged;        ///< of both sides' writes
  std::vector<std::string> merged_flow;  ///< flow branches of both sides' commits
  std::vector<std::string> pushed;       ///< refs of the remote
  std::vector<PlanConflicts> conflicts;  ///< then nothing has moved
  std::vector<FlowConflict> flow_conflicts;
  [[nodiscard]] bool success() const { return conflicts.empty() && flow_conflicts.empty(); }
};
/// Fetches what is shared, merges plans and flow branches that both sides moved, pushes what the
/// remote lacks, flow and plans in one push, and brings what is here up to it. Ends claims of tasks
/// that are over. A remote that shares plans becomes plan.remote. Throws Error(wrong_state) where
/// it shares none, Error(negative) for plans of one name that have nothing in common.
SyncResult sync(Workspace& workspace, const std::optional<std::string>& remote);
Json to_json(const SyncResult& result);

}  // namespace gitplan::commands
