// The end of a plan that machines share.
#pragma once

#include <string>

#include "git/oid.hpp"

namespace gitplan {

class Workspace;

enum class HeldClaims { refuse, end };

/// Takes the plan off the remote, with all claims of its tasks, in one push; nothing where plans
/// are not shared, or the remote does not have this one. Throws Error(wrong_state), naming who,
/// where claims are held and not to be ended; Error(lost_race) where the plan is not at `commit`
/// there; what Publishing::write does.
void publish_deletion(const Workspace& workspace, const std::string& session,
                      const git::Oid& commit, HeldClaims held);

}  // namespace gitplan
