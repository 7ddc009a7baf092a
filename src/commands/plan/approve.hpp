// `git plan approve`: who stands for which version of a plan.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "plan/toml.hpp"
#include "session/json.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

struct ApproveRequest {
  std::string note;
  std::optional<std::int64_t> expected_version;  ///< the one that was read before
};
struct ApproveResult {
  std::string session;
  toml_io::Approval approval;
  std::size_t total_tasks = 0;
  bool changed = false;  ///< false: the same person had approved just this before
};

/// Records an [[approvals]] entry by the committer; no new version. Throws Error(lost_race) if the
/// plan is not at the expected version.
ApproveResult approve_plan(Workspace& workspace, const std::string& session,
                           const ApproveRequest& request);
Json to_json(const ApproveResult& result);

}  // namespace gitplan::commands
