// Plans whose branch got another name: by it, nothing that was begun of them is found.
#pragma once

#include "session/view.hpp"

namespace gitplan {

class Workspace;

/// Throws Error(wrong_state) where the plan calls itself by the name of another session, of which a
/// slot, a task branch or a file in flow is there: all of it would begin a second time.
void refuse_renamed(const Workspace& workspace, const PlanView& view);

/// Warns, once, where that is so, with the way out.
void warn_of_renamed(Workspace& workspace, const StoredPlan& stored);

}  // namespace gitplan
