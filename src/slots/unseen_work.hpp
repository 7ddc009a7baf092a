// What a slot holds that `git status` does not show.
#pragma once

#include <string>
#include <vector>

#include "git/oid.hpp"
#include "slots/slot_folder.hpp"

namespace gitplan {

/// Tracked files that are marked assume-unchanged or skip-worktree: git does not look at them.
std::vector<std::string> marked_entries(const SlotFolder& folder);

/// Those that stand in the slot, changed or not.
std::vector<std::string> marked_files(const SlotFolder& folder);

/// Repositories in tracked or ignored folders, with commits that no remote of theirs has or changes
/// that are not committed (paths below the slot, with a slash at the end). No link is followed.
std::vector<std::string> hidden_repositories(const SlotFolder& folder);

/// What the slot's git folder alone leads to, beside HEAD and its reflog: work that a rebase or
/// merge under way has put aside, the worktree's own refs. Some may be reachable from elsewhere, or
/// gone.
std::vector<git::Oid> commits_of_git_folder(const Slot& slot);

}  // namespace gitplan
