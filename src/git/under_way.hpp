// What git is in the middle of in a worktree.
#pragma once

#include <optional>
#include <string>

namespace gitplan::git {

/// Something that git was told to do there and has not done yet: until it ends, the branch that is
/// checked out (or waits to be) may not be what its user has made of it.
struct Operation {
  std::string name;     ///< "rebase", "am", "cherry-pick", "revert", "merge", "bisect"
  std::string finish;   ///< git's words that go on with it: "rebase --continue"
  std::string give_up;  ///< and those that undo it: "rebase --abort"; of a bisect the same
};

/// In the worktree with this git folder; a few failing look-ups when there is none.
std::optional<Operation> operation_under_way(const std::string& admin_folder);

}  // namespace gitplan::git
