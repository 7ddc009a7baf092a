// Tasks as messages name them.
#pragma once

#include <span>
#include <string>

#include "schedule/graph.hpp"

namespace gitplan::schedule {

/// The task's id, printable.
std::string name_of(const Plan& plan, TaskIndex task);

/// "002, 003, 004", or "002, 003 and 7 more" where there are more than `most`.
std::string list_of(const Plan& plan, std::span<const TaskIndex> tasks, std::size_t most);

/// "002 -> 004 -> 002", with "..." in the middle where it has more than `most` tasks.
std::string path_of(const Plan& plan, std::span<const TaskIndex> path, std::size_t most);

/// "tasks 002 -> 004 -> 002 form a cycle", or what a cycle of one task is about; as `path_of` if
/// long.
std::string cycle_message(const Graph& graph, std::span<const TaskIndex> cycle, std::size_t most);

}  // namespace gitplan::schedule
