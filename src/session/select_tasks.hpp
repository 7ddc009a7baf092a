// Which plan and which tasks a command is about that takes several.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "session/select.hpp"

namespace gitplan {

/// The plan that tasks named together are of: the one that `session/001` and task branches among
/// the words name, else select_plan's. Throws Error(usage) where they are of several plans; plain
/// ids are of the plan that is chosen, if one is.
std::unique_ptr<PlanView> select_plan_of_tasks(Workspace& workspace, Access access,
                                               const std::vector<std::string>& words);

/// As require_task, and by `session/001` too.
TaskIndex require_named_task(const PlanView& view, std::string_view word);

}  // namespace gitplan
