// What stands here follows what was seen of the remote that machines share.
#pragma once

#include <optional>
#include <string>

#include "git/oid.hpp"

namespace gitplan {

class Workspace;

/// Where a flow branch is: here, or where it was seen on the remote if that has moved on.
std::optional<git::Oid> flow_tip(const Workspace& workspace, const std::string& flow_branch);

/// Branches that are checked out somewhere.
enum class Held {
  follow,  ///< flow, as far as its checkouts let it
  stay
};
/// Brings the branches of a plan here up to what was seen of the remote's.
void follow_shared(const Workspace& workspace, const std::string& session,
                   const std::string& flow_branch, Held held = Held::follow);

/// The same of a flow branch alone.
void follow_flow(const Workspace& workspace, const std::string& flow_branch);

}  // namespace gitplan
