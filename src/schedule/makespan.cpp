// List scheduling: see critical_path.hpp and remaining.hpp.
#include <algorithm>
#include <functional>
#include <queue>

#include "schedule/best_first.hpp"
#include "schedule/chosen_edges.hpp"
#include "schedule/remaining.hpp"

namespace gitplan::schedule {

namespace {

template <typename T>
using SmallestFirst = std::priority_queue<T, std::vector<T>, std::greater<>>;

struct Running {
  double end;
  TaskIndex task;
  [[nodiscard]] bool operator>(const Running& other) const { return end > other.end; }
};

/// All reachable tasks that are not over, best first.
std::vector<TaskIndex> schedulable(const Graph& graph, const Waves& waves, const CriticalPath& path,
                                   std::span<const Status> status) {
  std::vector<TaskIndex> tasks;
  tasks.reserve(graph.size());
  for (const auto& wave : waves.waves) tasks.insert(tasks.end(), wave.begin(), wave.end());
  if (!status.empty()) std::erase_if(tasks, [&](TaskIndex task) { return is_over(status[task]); });
  sort_best_first(graph, path, tasks);
  return tasks;
}

}  // namespace

double makespan(const Graph& graph, const Waves& waves, const Estimates& estimates,
                const CriticalPath& path, int workers) {
  return remaining_makespan(graph, waves, estimates, path, {}, workers);
}

double remaining_makespan(const Graph& graph, const Waves& waves, const Estimates& estimates,
                          const CriticalPath& path, std::span<const Status> status, int workers) {
  const std::vector<TaskIndex> order = schedulable(graph, waves, path, status);
  std::vector<std::uint32_t> place(graph.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) place[order[i]] = i;
  const Rows predecessors = predecessor_rows(graph, waves, status);
  const Rows successors = successor_rows(predecessors);

  std::vector<std::size_t> unfinished(graph.size());
  SmallestFirst<std::uint32_t> ready;  // places in `order`
  for (const TaskIndex task : order) {
    unfinished[task] = predecessors[task].size();
    if (unfinished[task] == 0) ready.push(place[task]);
  }

  const auto slots = static_cast<std::size_t>(std::max(workers, 1));
  SmallestFirst<Running> running;
  double now = 0;
  while (!ready.empty() || !running.empty()) {
    // One at a time: what takes no minutes is done before the next one is chosen.
    if (!ready.empty() && running.size() < slots) {
      const TaskIndex task = order[ready.top()];
      ready.pop();
      running.push({now + estimates.minutes[task], task});
    } else {
      now = running.top().end;
    }
    for (; !running.empty() && running.top().end <= now; running.pop()) {
      for (const TaskIndex task : successors[running.top().task]) {
        if (--unfinished[task] == 0) ready.push(place[task]);
      }
    }
  }
  return now;
}

}  // namespace gitplan::schedule
