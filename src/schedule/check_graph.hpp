// What is wrong with a plan as a graph.
#pragma once

#include "plan/diagnostic.hpp"
#include "schedule/waves.hpp"

namespace gitplan::schedule {

/// Errors: cycle ("tasks 002 -> 004 -> 002 form a cycle"; of one task: "task '002' needs 'X', which
/// only it provides" or "task '002' depends on itself"). Warnings: unprovided (a precondition that
/// nobody provides, with "did you mean 'X' (task 001)?"), provided_twice, overlapping_files (in one
/// wave; at most 100 of them). `task_lines` as in toml_io::ParsedPlan, or empty.
Diagnostics check_graph(const Graph& graph, const Waves& waves, std::span<const int> task_lines);

}  // namespace gitplan::schedule
