// Files that changed after a moment: what nobody can have saved that looked before.
#pragma once

#include <ctime>
#include <string>
#include <vector>

namespace gitplan {

/// Now, by the clock that stamps files.
timespec file_time_now();

/// Files and links below the open folder that were written, made or renamed at that moment or
/// later, by their status change; paths below it. Its .git is left out. No link is followed.
std::vector<std::string> files_changed_since(int folder_fd, const timespec& moment);

/// Deletes `name` in the open folder, but for such files and the folders that they stand in.
/// Returns their paths; empty if all of it is gone. Throws Error(fatal) where something cannot be
/// deleted.
std::vector<std::string> delete_unchanged(int parent_fd, const std::string& name,
                                          const timespec& moment);

}  // namespace gitplan
