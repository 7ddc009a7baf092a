// Commits made by hand from an older version of a plan than the one that they stand on.
#pragma once

#include <optional>
#include <string>

#include "git/oid.hpp"
#include "plan/diagnostic.hpp"

namespace gitplan {

class Workspace;
struct StoredPlan;

struct TakenBack {
  git::Oid before;  ///< what was written last, and is not in the plan any more
  git::Oid commit;  ///< which took it out
  Diagnostic warning;
  [[nodiscard]] std::string hint() const;  ///< ends in a command
};

/// The last commit of this kind among those made by hand since a plan was last written by these
/// tools; it shows by a version that goes down.
std::optional<TakenBack> taken_back(const Workspace& workspace, const StoredPlan& stored);

}  // namespace gitplan
