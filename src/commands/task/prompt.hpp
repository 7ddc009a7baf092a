// The instructions for a task's worker.
#pragma once

#include <optional>
#include <string>

#include "session/json.hpp"
#include "session/view.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

/// From task.promptTemplate if that is set ({session}, {plan_branch}, {working_directory},
/// {worktree}, {worker}, {branch}, {flow_branch}, {task}, {description}, {details},
/// {test_strategy}, {files}, {provides}, {context} replaced; other braces left), else ours.
std::string prompt(const Workspace& workspace, const PlanView& view, TaskIndex index,
                   const std::string& branch, const std::optional<Slot>& slot);
/// For a task as it stands.
std::string prompt(const Workspace& workspace, const PlanView& view, TaskIndex index);
Json prompt_object(const PlanView& view, TaskIndex index, const std::string& prompt);

}  // namespace gitplan::commands
