// The author that a hook of `git commit` is told.
#pragma once

namespace gitplan {

/// Called first of all, while there is one thread. Where git called us from a hook of a commit, the
/// variables of that commit's author are in our environment, who made nothing of what we commit:
/// there our author is our committer.
void forget_author_of_hook();

}  // namespace gitplan
