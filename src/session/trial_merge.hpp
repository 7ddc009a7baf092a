// Merges that are only looked at: nothing of them stays in the repository.
#pragma once

#include "git/oid.hpp"

namespace gitplan::git {
class Repository;
}  // namespace gitplan::git

namespace gitplan {

/// True if `theirs` merges into `ours` without a conflict, and what comes out is as in the commit
/// `expected`, whatever stands in .plan/. Attributes and merge drivers are left out of account.
bool merge_gives(const git::Repository& repository, const git::Oid& ours, const git::Oid& theirs,
                 const git::Oid& expected);

/// True if nothing of `ours` would change.
inline bool merge_brings_nothing(const git::Repository& repository, const git::Oid& ours,
                                 const git::Oid& theirs) {
  return merge_gives(repository, ours, theirs, ours);
}

}  // namespace gitplan
