// Names that the queue compares and hands back, and never looks into.
#pragma once

#include <compare>
#include <string>

namespace gitplan::landing {

template <class Tag>
struct Id {
  std::string text;
  auto operator<=>(const Id&) const = default;
};

using Task = Id<struct TaskTag>;  ///< one of all plans of the flow branch
using Commit = Id<struct CommitTag>;
using Tree = Id<struct TreeTag>;  ///< what a verdict is of

/// Where the flow branch is, or could be moved to.
struct Point {
  Commit commit;
  Tree tree;
  auto operator<=>(const Point&) const = default;
};

}  // namespace gitplan::landing
