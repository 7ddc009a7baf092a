// Cycles: the strongly connected groups of tasks that nothing from outside could free (waves.hpp).
#include <algorithm>
#include <limits>

#include "schedule/levels.hpp"
#include "schedule/waves.hpp"

namespace gitplan::schedule {

namespace {

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

/// Who waits for whom among the tasks that stay blocked even if every unprovided need were met.
/// Tasks first, then capabilities: a capability waits for each of its providers, none of which can
/// start.
Rows blocked_graph(const Graph& graph) {
  const std::vector<int> levels = topological_levels(graph, Unprovided::assume_met);
  const auto tasks = static_cast<std::uint32_t>(graph.size());
  std::vector<Edge> edges;
  enum class Mark : char { unseen, reached, blocked };
  std::vector<Mark> marks(graph.capability_count(), Mark::unseen);
  const auto add_providers = [&](CapabilityIndex capability) {
    const auto providers = graph.providers(capability);
    if (providers.empty() || is_reached(graph, levels, capability)) return Mark::reached;
    for (const TaskIndex provider : providers) edges.push_back({tasks + capability, provider});
    return Mark::blocked;
  };
  for (TaskIndex task = 0; task < tasks; ++task) {
    if (levels[task] > 0) continue;
    for (const Need& need : graph.needs(task)) {
      if (need.kind == Need::Kind::task && levels[need.index] == 0) {
        edges.push_back({task, need.index});
      } else if (need.kind == Need::Kind::capability) {
        Mark& mark = marks[need.index];
        if (mark == Mark::unseen) mark = add_providers(need.index);
        if (mark == Mark::blocked) edges.push_back({task, tasks + need.index});
      }
    }
  }
  return {tasks + graph.capability_count(), edges};
}

/// Tarjan's algorithm (1972), with a stack of its own in the place of recursion.
class StrongComponents {
 public:
  explicit StrongComponents(const Rows& graph)
      : graph_(graph),
        order_(graph.size(), none),
        low_(graph.size()),
        component_(graph.size(), none) {
    for (std::uint32_t node = 0; node < graph.size(); ++node) {
      if (order_[node] == none && !graph[node].empty()) explore(node);
    }
  }

  /// Which component a node belongs to; nodes that no edge leaves may have none.
  [[nodiscard]] std::uint32_t operator[](std::uint32_t node) const { return component_[node]; }

 private:
  struct Visit {
    std::uint32_t node;
    std::size_t next_edge;
  };

  void enter(std::uint32_t node) {
    order_[node] = low_[node] = entered_++;
    open_.push_back(node);
    visits_.push_back({node, 0});
  }

  void explore(std::uint32_t root) {
    enter(root);
    while (!visits_.empty()) {
      Visit& visit = visits_.back();
      const std::uint32_t node = visit.node;
      if (visit.next_edge < graph_[node].size()) {
        const std::uint32_t target = graph_[node][visit.next_edge++];
        if (order_[target] == none) {
          enter(target);
        } else if (component_[target] == none) {
          low_[node] = std::min(low_[node], order_[target]);
        }
      } else {
        leave(node);
      }
    }
  }

  void leave(std::uint32_t node) {
    visits_.pop_back();
    if (!visits_.empty()) {
      std::uint32_t& parent_low = low_[visits_.back().node];
      parent_low = std::min(parent_low, low_[node]);
    }
    if (low_[node] != order_[node]) return;
    for (std::uint32_t member = none; member != node; open_.pop_back()) {
      member = open_.back();
      component_[member] = components_;
    }
    ++components_;
  }

  const Rows& graph_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint32_t> low_;
  std::vector<std::uint32_t> component_;
  std::vector<std::uint32_t> open_;
  std::vector<Visit> visits_;
  std::uint32_t entered_ = 0;
  std::uint32_t components_ = 0;
};

/// Shortest cycles through given nodes, each within its own component: breadth first.
class CycleSearch {
 public:
  CycleSearch(const Rows& graph, const StrongComponents& components)
      : graph_(graph), components_(components), parent_(graph.size(), none) {}

  /// The nodes from `start` back to `start`; empty if no cycle goes through it.
  std::vector<std::uint32_t> through(std::uint32_t start) {
    std::vector<std::uint32_t> queue = {start};
    for (std::size_t at = 0; at < queue.size(); ++at) {
      for (const std::uint32_t target : graph_[queue[at]]) {
        if (target == start) return path_back(start, queue[at]);
        if (components_[target] != components_[start] || parent_[target] != none) continue;
        parent_[target] = queue[at];
        queue.push_back(target);
      }
    }
    return {};
  }

 private:
  [[nodiscard]] std::vector<std::uint32_t> path_back(std::uint32_t start,
                                                     std::uint32_t last) const {
    std::vector<std::uint32_t> path = {start};
    for (std::uint32_t node = last; node != start; node = parent_[node]) path.push_back(node);
    path.push_back(start);
    std::reverse(path.begin(), path.end());
    return path;
  }

  const Rows& graph_;
  const StrongComponents& components_;
  std::vector<std::uint32_t> parent_;
};

}  // namespace

std::vector<std::vector<TaskIndex>> find_cycles(const Graph& graph, const Waves& waves) {
  const auto tasks = static_cast<std::uint32_t>(graph.size());
  if (std::find(waves.wave_of.begin(), waves.wave_of.end(), 0) == waves.wave_of.end()) return {};
  const Rows blocked = blocked_graph(graph);
  const StrongComponents components(blocked);
  CycleSearch search(blocked, components);
  std::vector<bool> searched(blocked.size());
  std::vector<std::vector<TaskIndex>> cycles;
  for (TaskIndex task = 0; task < tasks; ++task) {
    if (components[task] == none || searched[components[task]]) continue;
    searched[components[task]] = true;
    std::vector<std::uint32_t> path = search.through(task);
    std::erase_if(path, [tasks](std::uint32_t node) { return node >= tasks; });
    if (!path.empty()) cycles.push_back(std::move(path));
  }
  return cycles;
}

}  // namespace gitplan::schedule
