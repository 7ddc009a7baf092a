// A merge as `git merge` makes it, in a scratch checkout: with the repository's hooks and merge
// drivers.
#pragma once

#include <string>
#include <variant>

#include "git/merge.hpp"

namespace gitplan::git {

/// True if the repository has a hook that git runs for a merge commit.
bool has_merge_hooks(const Repository& repository, const Oid& ours);

/// Throws Error(negative) where a hook refuses, Error(wrong_state) for unrelated histories.
std::variant<Merged, Conflicts> merge_in_checkout(const Repository& repository, const Oid& ours,
                                                  const Oid& theirs, const std::string& message);

/// What both ways of merging throw where there is no common ancestor.
[[noreturn]] void refuse_unrelated(const Oid& ours, const Oid& theirs);
bool complains_of_unrelated(const std::string& errors);

/// Sorted, each once.
Conflicts conflicts_of(std::vector<std::string> paths);

}  // namespace gitplan::git
