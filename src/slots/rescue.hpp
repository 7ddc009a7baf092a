// Saving what a slot holds before it is replaced or removed: as commits under refs/git-plan/rescue.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "slots/slot_folder.hpp"

namespace gitplan::git {
class Repository;
}

namespace gitplan {

class Look;

/// A commit that now keeps what would have been lost.
struct Rescued {
  std::string ref;
  std::string what;  ///< "uncommitted changes", "commits that no branch has"
};

/// Makes the name of the n-th (from 1) rescue ref of this slot: the grammar of refs is not this
/// room's.
using NameRescueRef = std::function<std::string(int count)>;

/// What `git status` says of a slot: tracked changes and untracked files that are not ignored.
using StatusEntries = std::vector<std::string>;
StatusEntries status_entries(const SlotFolder& folder);

/// Tracked changes (staged ones that differ in a commit of their own, as in a stash; those in files
/// that git was told not to look at, too) and untracked files that git does not ignore; and commits
/// of a detached HEAD, of one that was left, or put aside by a rebase or merge under way, that no
/// ref reaches. Nothing changes in the slot. Empty if there was nothing to save. Throws Error if it
/// cannot be saved.
std::vector<Rescued> rescue(const git::Repository& repository, const SlotFolder& folder,
                            const StatusEntries& status, const NameRescueRef& name_ref);

/// The same of a worktree whose folder is gone, or is no longer its own: what is staged, and those
/// commits. Needs the git folder alone.
std::vector<Rescued> rescue_without_folder(const git::Repository& repository, const Slot& slot,
                                           const NameRescueRef& name_ref);

/// True if the slot has tracked changes or untracked files that are not ignored.
bool is_dirty(const SlotFolder& folder);

/// Repositories that stand untracked inside the slot, and submodules, or repositories in tracked or
/// ignored folders, with work of their own in them (paths with a slash at the end), and what git
/// refuses to add: no commit can hold them, so such a slot is moved aside as a whole.
std::vector<std::string> nested_repositories(const SlotFolder& folder, const Look& look,
                                             const StatusEntries& status);

/// Whether one of them has commits that its remote did not have when it was last asked.
bool has_submodule_commits(const std::string& admin_folder);
/// Git folders of the submodules that were set up in a worktree, and of theirs.
std::vector<std::string> submodule_folders(const std::string& admin_folder);

}  // namespace gitplan
