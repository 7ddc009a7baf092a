// `git plan deliver`: brings flow to the branch that it came from, or to another.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "session/branch_merge.hpp"
#include "session/delivery.hpp"
#include "session/json.hpp"
#include "session/merged_metadata.hpp"

namespace gitplan::commands {

struct DeliverRequest {
  std::optional<std::string> into;  ///< default: base_of flow
  Joined joined = Joined::merge;
  std::string message;  ///< what was built, in the user's words
};

struct DeliverResult {
  std::string flow_branch;
  std::string into;
  BranchMerge merge;
  std::vector<BuiltTask> tasks;  ///< what it brings, or would have brought
  Joined joined = Joined::merge;
};

/// Without .plan/, and what was delivered before only once, squashed or not. The completions that
/// git shows are recorded first. Throws Error(usage) without a branch to deliver into, or with flow
/// itself; Error(not_found) for one that is not there; and as merge_into.
DeliverResult deliver_flow(Workspace& workspace, const DeliverRequest& request);
/// With the tasks as objects, each with its session_id.
Json to_json(const Workspace& workspace, const DeliverResult& result);

}  // namespace gitplan::commands
