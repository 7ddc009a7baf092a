// What only the index of a slot has.
#pragma once

#include <optional>

#include "git/oid.hpp"
#include "slots/slot.hpp"

namespace gitplan::git {
class Repository;
}

namespace gitplan {

/// The tree of what is staged. In the middle of a merge the versions of a file in conflict stand in
/// it beside each other, as "<path>~base", "~ours" and "~theirs". Nothing where git cannot read the
/// index, or lacks an object of it. Needs the git folder alone.
std::optional<git::Oid> staged_tree(const git::Repository& repository, const Slot& slot);

}  // namespace gitplan
