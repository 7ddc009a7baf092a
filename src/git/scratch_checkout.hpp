// What with_checkout (merge.hpp) leaves for re-use.
#pragma once

namespace gitplan::git {

class Repository;

/// Removes the scratch worktrees that nobody uses at this moment. Nothing is thrown: what cannot be
/// removed stays.
void remove_idle_checkouts(const Repository& repository);

}  // namespace gitplan::git
