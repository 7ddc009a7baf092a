// Mending the git folders of slots that a power cut, or the like, damaged.
#pragma once

namespace gitplan::git {
class Repository;
}

namespace gitplan {

class Slots;

/// Writes anew what is damaged in them, as far as anything tells what it was. No file of a worktree
/// changes, and no ref.
void mend_damaged(const git::Repository& repository, const Slots& slots);

}  // namespace gitplan
