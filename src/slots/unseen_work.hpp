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

/// What a walk through a slot's folders finds. No link is followed.
struct HiddenContent {
  /// Repositories in tracked or ignored folders, with commits that no remote of theirs has or
  /// changes that are not committed (paths below the slot, with a slash at the end).
  std::vector<std::string> repositories;
  bool has_empty_folder = false;  ///< which git says nothing of, and a checkout leaves
};
HiddenContent hidden_content(const SlotFolder& folder);

/// What the slot's git folder alone leads to, beside HEAD and its reflog: work that a rebase or
/// merge under way has put aside, the worktree's own refs. Some may be reachable from elsewhere, or
/// gone.
std::vector<git::Oid> commits_of_git_folder(const Slot& slot);

}  // namespace gitplan
