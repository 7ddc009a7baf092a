// `git plan use` and `git plan delete`.
#pragma once

#include <string>
#include <vector>

#include "git/oid.hpp"
#include "git/refs.hpp"
#include "session/json.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

enum class Force { no, yes };

/// Sets plan.current. Returns the session.
std::string use_plan(Workspace& workspace, const std::string& plan);

struct DeleteResult {
  std::string session;
  git::Oid commit;                     ///< what the branch was at
  std::vector<git::Ref> dropped_refs;  ///< of its tasks that were done, or red
};
/// Throws Error(wrong_state) if it is unfinished and not forced.
DeleteResult delete_plan(Workspace& workspace, const std::string& plan, Force force);
Json to_json(const DeleteResult& result);
Json used_object(const std::string& session);

}  // namespace gitplan::commands
