// Tasks that the plan records as completed, while flow does not have their work.
#pragma once

#include <string>
#include <vector>

#include "session/flow_walk.hpp"
#include "session/view.hpp"

namespace gitplan {

class Workspace;

struct MissingWork {
  TaskIndex task = 0;
  /// revert: flow took it back. never_there: flow was set back behind its merge, or the record came
  /// too early.
  Departure how = Departure::never_there;
};

/// In the plan's order. A task whose metadata was cleaned up is none, nor is one that never had a
/// branch here: it was completed elsewhere. Looks at flow's history only where a completed task's
/// file is not in its tree, and once for each commit of flow (cached).
std::vector<MissingWork> missing_work(const Workspace& workspace, const PlanView& view);

/// "task '001' is recorded completed, but …", with the command that mends it.
std::string describe(const PlanView& view, const MissingWork& missing);

/// Says all of them as warnings (code "not_in_flow"): what depends on them would build on nothing.
void warn_of_missing_work(Workspace& workspace, const PlanView& view);

}  // namespace gitplan
