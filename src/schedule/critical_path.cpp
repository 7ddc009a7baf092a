#include "schedule/critical_path.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "plan/estimate.hpp"
#include "schedule/best_first.hpp"
#include "schedule/chosen_edges.hpp"
#include "schedule/remaining.hpp"
#include "schedule/task_ids.hpp"

namespace gitplan::schedule {

namespace {

constexpr TaskIndex nobody = std::numeric_limits<TaskIndex>::max();

}  // namespace

Estimates read_estimates(const Plan& plan) {
  Estimates estimates;
  estimates.minutes.reserve(plan.tasks.size());
  std::unordered_map<std::string_view, std::optional<double>> known;  // few texts, many tasks
  const auto seconds_of = [&](const std::string& text) {
    const auto [place, is_new] = known.try_emplace(text);
    if (is_new) place->second = parse_duration(text);
    return place->second;
  };
  for (const Task& task : plan.tasks) {
    const auto seconds = task.estimated_time ? seconds_of(*task.estimated_time) : std::nullopt;
    if (!seconds) ++estimates.unestimated;
    estimates.minutes.push_back(seconds.value_or(0) / 60);
  }
  return estimates;
}

CriticalPath critical_path(const Graph& graph, const Waves& waves, const Estimates& estimates) {
  return remaining_path(graph, waves, estimates, {});
}

CriticalPath remaining_path(const Graph& graph, const Waves& waves, const Estimates& estimates,
                            std::span<const Status> status) {
  const std::vector<std::uint32_t>& rank = graph.id_ranks();
  const Rows predecessors = predecessor_rows(graph, waves, status);
  CriticalPath path;
  path.remaining = estimates.minutes;
  std::vector<TaskIndex> successor(graph.size(), nobody);  // on the longest chain from each task on
  const auto longer = [&](TaskIndex a, TaskIndex b) {
    if (b == nobody || path.remaining[a] != path.remaining[b]) {
      return b == nobody || path.remaining[a] > path.remaining[b];
    }
    return rank[a] < rank[b];
  };

  TaskIndex first = nobody;
  for (auto wave = waves.waves.rbegin(); wave != waves.waves.rend(); ++wave) {
    for (const TaskIndex task : *wave) {
      if (!status.empty() && is_over(status[task])) {
        path.remaining[task] = 0;
        continue;
      }
      // All successors stand in later waves: what remains after this task is known.
      if (successor[task] != nobody) path.remaining[task] += path.remaining[successor[task]];
      if (longer(task, first)) first = task;
      for (const TaskIndex predecessor : predecessors[task]) {
        if (longer(task, successor[predecessor])) successor[predecessor] = task;
      }
    }
  }
  if (first != nobody) path.minutes = path.remaining[first];
  for (TaskIndex task = first; task != nobody; task = successor[task]) path.path.push_back(task);
  return path;
}

bool better(const Plan& plan, const CriticalPath& path, TaskIndex a, TaskIndex b) {
  const Priority priority_a = plan.tasks[a].effective_priority();
  const Priority priority_b = plan.tasks[b].effective_priority();
  if (priority_a != priority_b) return priority_a < priority_b;
  if (path.remaining[a] != path.remaining[b]) return path.remaining[a] > path.remaining[b];
  const auto by_id = compare_ids(plan.tasks[a].id, plan.tasks[b].id);
  return by_id != 0 ? by_id < 0 : a < b;
}

void sort_best_first(const Graph& graph, const CriticalPath& path, std::vector<TaskIndex>& tasks) {
  struct Key {
    Priority priority;
    double remaining;
    std::uint32_t id_rank;
    TaskIndex task;
  };
  const std::vector<Task>& plan = graph.plan().tasks;
  const std::vector<std::uint32_t>& rank = graph.id_ranks();
  std::vector<Key> keys;
  keys.reserve(tasks.size());
  for (const TaskIndex task : tasks) {
    keys.push_back({plan[task].effective_priority(), path.remaining[task], rank[task], task});
  }
  std::sort(keys.begin(), keys.end(), [](const Key& a, const Key& b) {
    if (a.priority != b.priority) return a.priority < b.priority;
    if (a.remaining != b.remaining) return a.remaining > b.remaining;
    return a.id_rank < b.id_rank;
  });
  std::transform(keys.begin(), keys.end(), tasks.begin(), [](const Key& key) { return key.task; });
}

}  // namespace gitplan::schedule
