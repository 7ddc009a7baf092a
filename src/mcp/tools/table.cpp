#include "mcp/tools/table.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "base/text.hpp"
#include "mcp/arguments.hpp"

namespace gitplan::mcp {

std::span<const Tool* const> all_tools() {
  static const std::array tools{
      &parse_task_tool,         &parse_plan_tool,         &get_provides_tool,
      &create_plan_branch_tool, &create_task_branch_tool, &update_plan_branch_tool,
      &create_worktree_tool,    &remove_worktree_tool,    &next_wave_tool,
      &start_wave_tool,         &finish_wave_tool,        &wave_status_tool,
      &complete_task_tool,      &fail_task_tool,          &reset_task_tool,
      &task_prompt_tool,        &check_plan_tool,         &approve_plan_tool,
      &plan_report_tool,        &merge_into_flow_tool,    &deliver_flow_tool,
      &clean_plans_tool,        &list_agents_tool,        &sync_plan_tool};
  return tools;
}

const Tool& require_tool(const std::string& name) {
  std::vector<std::string> names;
  for (const Tool* tool : all_tools()) {
    if (tool->name == name) return *tool;
    names.emplace_back(tool->name);
  }
  const auto near = text::did_you_mean(name, names);
  throw BadParameters{fmt::format("no tool '{}'{}", text::printable(name),
                                  near ? fmt::format("; did you mean '{}'?", *near) : "")};
}

}  // namespace gitplan::mcp
