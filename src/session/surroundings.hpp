// What stands around plans at one moment: worktrees, slots, branches and flow. Views of several
// plans that look at the same moment share it, so that it is read once.
#pragma once

#include <vector>

#include "git/worktrees.hpp"
#include "slots/slot.hpp"
#include "store/repository_facts.hpp"

namespace gitplan {

class Workspace;

class Surroundings {
 public:
  explicit Surroundings(const Workspace& workspace);

  [[nodiscard]] const std::vector<git::Worktree>& worktrees() const { return worktrees_; }
  [[nodiscard]] const std::vector<Slot>& slots() const { return slots_; }
  /// Worktrees that are no slots by their place; see Slots::elsewhere.
  [[nodiscard]] const std::vector<Slot>& elsewhere() const { return elsewhere_; }
  [[nodiscard]] RepositoryFacts& facts() const { return facts_; }

 private:
  std::vector<git::Worktree> worktrees_;
  std::vector<Slot> slots_;
  std::vector<Slot> elsewhere_;
  mutable RepositoryFacts facts_;  ///< learns what it is asked for
};

}  // namespace gitplan
