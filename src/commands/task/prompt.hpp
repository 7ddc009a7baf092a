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

/// Who is told: one that a run started in its worktree, and merges; or one that does so itself.
enum class Worker { by_itself, of_run };

/// From task.promptTemplate if that is set ({session}, {plan_branch}, {working_directory},
/// {worktree} (absolute; empty where there is none), {worker}, {branch}, {flow_branch}, {task},
/// {description}, {details}, {test_strategy}, {files}, {provides}, {context} replaced; other braces
/// left), else ours.
std::string prompt(const Workspace& workspace, const PlanView& view, TaskIndex index,
                   const std::string& branch, const std::optional<Slot>& slot, Worker worker);
/// For a task as it stands.
std::string prompt(const Workspace& workspace, const PlanView& view, TaskIndex index);
Json prompt_object(const PlanView& view, TaskIndex index, const std::string& prompt);

}  // namespace gitplan::commands
