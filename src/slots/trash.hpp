// Removing folders: renamed aside first, so that no half-removed one ever stands at its place.
#pragma once

#include <string>

namespace gitplan::git {
class Repository;
}

namespace gitplan {

/// Moves `name` in the open folder into the repository's trash (or deletes it in place where a
/// rename cannot reach) and deletes it there. A symbolic link is only unlinked. Throws Error(fatal)
/// if something stays.
void remove_folder(const git::Repository& repository, int parent_fd, const std::string& name);

/// Deletes what killed removals left in the trash; one readdir when it is empty.
void empty_trash(const git::Repository& repository);

}  // namespace gitplan
