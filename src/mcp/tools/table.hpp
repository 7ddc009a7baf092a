// All tools; one .cpp each.
#pragma once

#include <span>
#include <string>

#include "mcp/tool.hpp"

namespace gitplan::mcp {

// The seed's.
extern const Tool parse_task_tool;
extern const Tool parse_plan_tool;
extern const Tool get_provides_tool;
extern const Tool create_plan_branch_tool;
extern const Tool create_task_branch_tool;
extern const Tool update_plan_branch_tool;
extern const Tool create_worktree_tool;
extern const Tool remove_worktree_tool;
// Ours.
extern const Tool next_wave_tool;
extern const Tool start_wave_tool;
extern const Tool finish_wave_tool;
extern const Tool wave_status_tool;
extern const Tool list_agents_tool;
extern const Tool complete_task_tool;
extern const Tool fail_task_tool;
extern const Tool reset_task_tool;
extern const Tool task_prompt_tool;
extern const Tool check_plan_tool;
extern const Tool approve_plan_tool;
extern const Tool plan_report_tool;
extern const Tool merge_into_flow_tool;
extern const Tool deliver_flow_tool;
extern const Tool clean_plans_tool;
extern const Tool sync_plan_tool;

std::span<const Tool* const> all_tools();
/// Throws BadParameters, with "did you mean".
const Tool& require_tool(const std::string& name);

}  // namespace gitplan::mcp
