// What a slot holds that `git status` does not show.
#pragma once

#include <string>
#include <vector>

#include "slots/slot_folder.hpp"

namespace gitplan {

class Look;

/// Tracked files that are marked assume-unchanged or skip-worktree: git does not look at them.
std::vector<std::string> marked_entries(const SlotFolder& folder);

/// Those that stand in the slot, changed or not.
std::vector<std::string> marked_files(const SlotFolder& folder);

/// Repositories in tracked or ignored folders, with commits that no remote of theirs has or changes
/// that are not committed, or that this git cannot read, and what else stands in folders called
/// .git that are not ignored (paths below the slot, with a slash at the end).
std::vector<std::string> hidden_repositories(const SlotFolder& folder, const Look& look);

/// Files of this repository are marked so, as far as its index tells.
bool has_marks(const std::string& git_folder);

/// "false" where the file system tells names apart that differ in case, whatever the repository's
/// config says, which may have been copied from another one.
std::string ignores_case(const SlotFolder& folder);

}  // namespace gitplan
