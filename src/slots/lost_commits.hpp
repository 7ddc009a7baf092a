// The commits that would go with a slot: those that only its HEAD, its reflog or the rest of its
// git folder leads to.
#pragma once

#include <optional>
#include <vector>

#include "git/oid.hpp"
#include "slots/slot.hpp"

namespace gitplan::git {
class Repository;
}

namespace gitplan {

/// Of all that HEAD is and was, what no ref reaches and no other of them does; what the branch of
/// the slot remembers in its reflog is not lost. `head`: the commit of HEAD; it is on the slot's
/// branch only where HEAD is not detached (as it is in a rebase of that branch).
std::vector<git::Oid> lost_commits(const git::Repository& repository, const Slot& slot,
                                   const std::optional<git::Oid>& head);

}  // namespace gitplan
