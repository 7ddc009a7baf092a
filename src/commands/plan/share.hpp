// `git plan share`: plans of this clone become plans of all machines that use a remote.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "session/json.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

struct ShareRequest {
  std::optional<std::string> remote;  ///< default: plan.remote, the only one, origin
  std::vector<std::string> plans;     ///< default: the unfinished ones
};
struct ShareResult {
  std::string remote;
  std::string machine;
  std::vector<std::string> plans;   ///< sessions
  std::vector<std::string> pushed;  ///< refs of the remote that moved, but for beats
};
/// Asks the remote by a real push whether it takes what is needed, sets plan.remote, and brings up
/// what the remote lacks. Throws Error(wrong_state) where the remote is unfit, or has a branch that
/// went another way.
ShareResult share_plans(Workspace& workspace, const ShareRequest& request);
Json to_json(const ShareResult& result);

/// The remote that a word names, or that goes without saying. Throws Error(not_found).
std::string require_remote(const Workspace& workspace, const std::optional<std::string>& word);

}  // namespace gitplan::commands
