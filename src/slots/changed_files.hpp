// Files that a look at a slot did not see, or that changed since: what nobody can have saved that
// looked then.
#pragma once

#include <string>
#include <vector>

namespace gitplan {

class Look;

/// Files and links below the open folder that came there, or were written, made or renamed, since
/// the look began; paths below it. Its .git is left out. No link is followed.
std::vector<std::string> files_changed_since(int folder_fd, const Look& look);

/// Deletes `name` in the open folder, which the look was at, but for such files, folders that
/// cannot be read, and the folders that they stand in. Returns their paths; empty if all of it is
/// gone. Throws Error(fatal) where something cannot be deleted.
std::vector<std::string> delete_unchanged(int parent_fd, const std::string& name, const Look& look);

/// The same of some paths (folders with a slash at the end) below the open folder that the look was
/// at; folders that they leave empty go, too.
std::vector<std::string> delete_unchanged_in(int folder_fd, const std::vector<std::string>& paths,
                                             const Look& look);

}  // namespace gitplan
