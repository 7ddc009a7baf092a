// Whether a repository that was found may be trusted: its owner, safe.directory,
// safe.bareRepository.
#pragma once

#include "git/discovery.hpp"
#include "git/format.hpp"
#include "git/libgit2.hpp"

namespace gitplan::git {

/// Asks git where we cannot tell ourselves: a foreign owner, a safe.bareRepository setting, a
/// format that this git may be too old for. Throws Error(fatal) if git refuses. No process in the
/// ordinary case.
void judge_trust(git_repository* repository, const GitFolder& folder, const Format& format);

}  // namespace gitplan::git
