// What is wrong with a plan taken task by task. What is wrong with its graph:
// schedule/check_graph.hpp.
#pragma once

#include <span>

#include "plan/diagnostic.hpp"
#include "plan/plan.hpp"

namespace gitplan {

/// Errors: duplicate_id, missing_id, missing_description, bad_id, bad_slug, duplicate_slug (two
/// tasks whose explicit slug and id make one branch), unknown_dependency (with "did you mean"),
/// empty_capability, control_in_capability, bad_session, bad_flow_branch, bad_estimate, bad_agent.
/// Warnings: long_estimate (over 10 minutes), seed_session, seed_id (outside 001 to 999),
/// absolute_path / escaping path in `files`, unknown_whole. `task_lines` as in toml_io::ParsedPlan,
/// or empty. Sorted by task order; errors and warnings mixed.
Diagnostics check_tasks(const Plan& plan, std::span<const int> task_lines);

}  // namespace gitplan
