// What a slot's git folder alone has, beside HEAD, its reflog and the index: work that a merge,
// rebase or the like under way has put aside or noted, and refs of the worktree's own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/oid.hpp"
#include "slots/slot.hpp"

namespace gitplan::git {
class Repository;
}

namespace gitplan {

/// All that refs like FETCH_HEAD, and what stands under refs/, name in it. Some may be reachable
/// from elsewhere, gone, or no commits.
std::vector<git::Oid> oids_of_git_folder(const std::string& git_folder);

/// A merge, rebase, am or the like has noted something in this git folder.
bool has_notes(const std::string& git_folder);

/// Commits that no remote of this repository had when it was last asked, or notes of a merge or the
/// like: they would go with it.
bool has_own_commits(const std::string& git_folder);

/// A commit that holds these notes (the patches of an `am`, a message that was begun), and what the
/// worktree's own refs have that is no commit; nothing where there is none.
std::optional<git::Oid> commit_of_git_folder(const git::Repository& repository, const Slot& slot);

}  // namespace gitplan
