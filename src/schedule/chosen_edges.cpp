#include "schedule/chosen_edges.hpp"

#include <algorithm>
#include <limits>

#include "schedule/critical_path.hpp"
#include "schedule/remaining.hpp"
#include "schedule/task_ids.hpp"

namespace gitplan::schedule {

namespace {

constexpr TaskIndex nobody = std::numeric_limits<TaskIndex>::max();

bool is_left_out(std::span<const Status> status, TaskIndex task) {
  return !status.empty() && is_over(status[task]);
}

bool is_provided(const Graph& graph, std::span<const Status> status, CapabilityIndex capability) {
  const auto providers = graph.providers(capability);
  return !status.empty() && std::any_of(providers.begin(), providers.end(), [&](TaskIndex task) {
    return status[task] == Status::completed;
  });
}

/// For each capability, the provider of the lowest wave, then of the smallest id; or nobody, where
/// it is there already.
std::vector<TaskIndex> chosen_providers(const Graph& graph, const Waves& waves,
                                        std::span<const Status> status) {
  const std::vector<std::uint32_t>& rank = graph.id_ranks();
  std::vector<TaskIndex> chosen(graph.capability_count(), nobody);
  for (CapabilityIndex capability = 0; capability < chosen.size(); ++capability) {
    if (is_provided(graph, status, capability)) continue;
    TaskIndex& best = chosen[capability];
    for (const TaskIndex provider : graph.providers(capability)) {
      const int wave = waves.wave_of[provider];
      if (wave == 0 || is_left_out(status, provider)) continue;
      const bool earlier = best == nobody || wave < waves.wave_of[best] ||
                           (wave == waves.wave_of[best] && rank[provider] < rank[best]);
      if (earlier) best = provider;
    }
  }
  return chosen;
}

}  // namespace

Rows predecessor_rows(const Graph& graph, const Waves& waves) {
  return predecessor_rows(graph, waves, {});
}

Rows predecessor_rows(const Graph& graph, const Waves& waves, std::span<const Status> status) {
  const std::vector<TaskIndex> providers = chosen_providers(graph, waves, status);
  std::vector<TaskIndex> last_successor(graph.size(), nobody);
  std::vector<Edge> edges;
  for (TaskIndex task = 0; task < graph.size(); ++task) {
    if (waves.wave_of[task] == 0 || is_left_out(status, task)) continue;
    for (const Need& need : graph.needs(task)) {
      const bool is_task = need.kind == Need::Kind::task;
      const TaskIndex predecessor = is_task ? need.index : providers[need.index];
      if (predecessor == nobody || is_left_out(status, predecessor)) continue;
      // One that would do instead of a cancelled one may itself wait for the task.
      if (waves.wave_of[predecessor] >= waves.wave_of[task]) continue;
      if (last_successor[predecessor] == task) continue;
      last_successor[predecessor] = task;
      edges.push_back({task, predecessor});
    }
  }
  return {graph.size(), edges};
}

Rows successor_rows(const Rows& predecessors) {
  std::vector<Edge> edges;
  for (TaskIndex task = 0; task < predecessors.size(); ++task) {
    for (const TaskIndex predecessor : predecessors[task]) edges.push_back({predecessor, task});
  }
  return {predecessors.size(), edges};
}

std::vector<std::vector<TaskIndex>> chosen_predecessors(const Graph& graph, const Waves& waves) {
  const Rows rows = predecessor_rows(graph, waves);
  std::vector<std::vector<TaskIndex>> lists;
  lists.reserve(rows.size());
  for (TaskIndex task = 0; task < rows.size(); ++task) {
    lists.emplace_back(rows[task].begin(), rows[task].end());
  }
  return lists;
}

}  // namespace gitplan::schedule
