// The commits that would go with a slot: those that only its HEAD, its reflog or the rest of its
// git folder leads to; and those that would go with a branch.
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

/// Of all that HEAD is and was, what no ref reaches and no other of them does; what the branch of
/// the slot remembers in its reflog is not lost. `head`: the commit of HEAD; it is on the slot's
/// branch only where HEAD is not detached (as it is in a rebase of that branch).
std::vector<git::Oid> lost_commits(const git::Repository& repository, const Slot& slot,
                                   const std::optional<git::Oid>& head);

struct LoggedCommit {
  std::string branch;
  git::Oid commit;
};
/// What was amended or reset away on these branches (short names): of all that their reflogs have,
/// what no ref reaches and no other of them does, each once.
std::vector<LoggedCommit> only_in_reflogs(const git::Repository& repository,
                                          const std::vector<std::string>& branches);

}  // namespace gitplan
