#include "schedule/task_names.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace gitplan::schedule {

std::string name_of(const Plan& plan, TaskIndex task) {
  return text::printable(plan.tasks[task].id);
}

std::string list_of(const Plan& plan, std::span<const TaskIndex> tasks, std::size_t most) {
  std::string list;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (i == most) return fmt::format("{} and {} more", list, tasks.size() - most);
    if (i > 0) list += ", ";
    list += name_of(plan, tasks[i]);
  }
  return list;
}

std::string path_of(const Plan& plan, std::span<const TaskIndex> path, std::size_t most) {
  std::string shown;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (i > 0) shown += " -> ";
    if (path.size() > most && i == most - 1) {
      i = path.size() - 1;
      shown += "... -> ";
    }
    shown += name_of(plan, path[i]);
  }
  return shown;
}

std::string cycle_message(const Graph& graph, std::span<const TaskIndex> cycle, std::size_t most) {
  const Plan& plan = graph.plan();
  const TaskIndex task = cycle.front();
  if (cycle.size() > 2) return fmt::format("tasks {} form a cycle", path_of(plan, cycle, most));
  for (const Need& need : graph.needs(task)) {
    if (need.kind == Need::Kind::task && need.index == task) {
      return fmt::format("task '{}' depends on itself", name_of(plan, task));
    }
    if (need.kind != Need::Kind::capability) continue;
    const auto providers = graph.providers(need.index);
    if (std::find(providers.begin(), providers.end(), task) == providers.end()) continue;
    return fmt::format("task '{}' needs '{}', which {}", name_of(plan, task),
                       text::printable(graph.capability(need.index)),
                       providers.size() == 1 ? "only it provides" : "it provides itself");
  }
  return fmt::format("tasks {} form a cycle", path_of(plan, cycle, most));
}

}  // namespace gitplan::schedule
