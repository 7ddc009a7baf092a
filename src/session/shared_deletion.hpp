// The end of a plan that machines share.
#pragma once

#include <span>
#include <string>

#include "git/oid.hpp"
#include "git/refs.hpp"

namespace gitplan {

class PlanView;

class Workspace;

enum class HeldClaims { refuse, end };

/// Takes the plan off the remote, with all claims of its tasks, in one push; nothing where plans
/// are not shared, or the remote does not have this one. Throws Error(wrong_state), naming who,
/// where claims are held and not to be ended; Error(lost_race) where the plan is not at `commit`
/// there; what Publishing::write does.
void publish_deletion(const Workspace& workspace, const std::string& session,
                      const git::Oid& commit, HeldClaims held);

/// After a clean-up: takes the branches of the plan's tasks that went here off the remote, where
/// that has no more than went, with what is left of claims; in one push, and in none where there is
/// nothing of them. Throws what Publishing::write does.
void publish_clean(const Workspace& workspace, const PlanView& view,
                   std::span<const git::Ref> removed);

}  // namespace gitplan
