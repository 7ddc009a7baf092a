// `.worktreeinclude`: ignored files (local settings, keys) that every new worktree gets a copy of.
#pragma once

#include <string>
#include <vector>

#include "slots/slot_folder.hpp"

namespace gitplan::git {
class Repository;
}

namespace gitplan {

/// Copies what the patterns in the main worktree's .worktreeinclude match and git ignores into an
/// open folder, sharing blocks where the file system can. What already stands in it stays; no link
/// is followed in it. Returns how many files were copied.
int copy_included_files(const git::Repository& repository, const SlotsPlace& place, int folder_fd);

/// The same for a slot, where somebody commits: what git does not ignore there is not copied.
/// Returns the paths that were left out, and that nothing stands at.
std::vector<std::string> copy_included_files(const git::Repository& repository,
                                             const SlotsPlace& place, const SlotFolder& slot);

}  // namespace gitplan
