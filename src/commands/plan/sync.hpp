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
struct SyncResult {
  std::string remote;
  std::vector<std::string> plans;        ///< all that the remote has
  std::vector<MergedPlan> merged;        ///< of both sides' writes
  std::vector<std::string> pushed;       ///< refs of the remote
  std::vector<PlanConflicts> conflicts;  ///< then nothing has moved
  std::vector<std::string> diverged;     ///< branches that only a person can bring together
  [[nodiscard]] bool success() const { return conflicts.empty() && diverged.empty(); }
};
/// Fetches what is shared, brings what is here up to it, merges plans that both sides wrote, and
/// pushes what the remote lacks. Sets plan.remote first, where that is another one.
SyncResult sync(Workspace& workspace, const std::optional<std::string>& remote);
Json to_json(const SyncResult& result);

}  // namespace gitplan::commands
