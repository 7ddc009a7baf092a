// What a slot holds that `git status` does not show.
#pragma once

#include <string>
#include <vector>

#include "git/index_marks.hpp"
#include "slots/slot_folder.hpp"

namespace gitplan {

class Look;

/// What of the index git does not look at in the slot.
git::SpecialEntries special_entries(const SlotFolder& folder);

/// Those that are marked and stand in the slot, changed or not.
std::vector<std::string> marked_files(const SlotFolder& folder);

/// Submodules in whose folders something stands that is no repository: git takes them for not
/// populated, and has neither `status` nor `add` look there.
std::vector<std::string> unpopulated_submodules(const SlotFolder& folder);

/// Files in them that git does not ignore, as if they were untracked; a repository has a slash at
/// the end.
std::vector<std::string> files_in_submodules(const SlotFolder& folder);

/// Something stands in the folder of one, populated or not.
bool has_filled_submodules(const SlotFolder& folder);

/// Repositories in tracked or ignored folders, bare ones, and submodules too, with commits that no
/// remote of theirs has or changes that are not committed, or that this git cannot read; worktrees
/// that are locked; and what else stands in folders called .git that are not ignored (paths below
/// the slot, with a slash at the end).
std::vector<std::string> hidden_repositories(const SlotFolder& folder, const Look& look);

/// Files of this repository are marked, as far as its index tells.
bool has_marks(const std::string& git_folder);

/// "false" where the file system tells names apart that differ in case, whatever the repository's
/// config says, which may have been copied from another one.
std::string ignores_case(const SlotFolder& folder);

}  // namespace gitplan
