#include "schedule/reduction.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>

#include "schedule/chosen_edges.hpp"

namespace gitplan::schedule {
namespace {

constexpr std::size_t most_tasks = 20'000;

/// For each task, a bit for each of its ancestors.
class Ancestors {
 public:
  explicit Ancestors(std::size_t tasks)
      : words_((tasks + bits - 1) / bits), sets_(tasks * words_) {}

  [[nodiscard]] bool has(TaskIndex of, TaskIndex task) const {
    return ((sets_[of * words_ + task / bits] >> (task % bits)) & 1U) != 0;
  }
  void add(TaskIndex to, TaskIndex parent) {
    for (std::size_t i = 0; i < words_; ++i) sets_[to * words_ + i] |= sets_[parent * words_ + i];
    sets_[to * words_ + parent / bits] |= std::uint64_t{1} << (parent % bits);
  }

 private:
  static constexpr std::size_t bits = 64;
  std::size_t words_;
  std::vector<std::uint64_t> sets_;
};

std::vector<TaskIndex> by_layer(const std::vector<int>& layer_of) {
  std::vector<TaskIndex> order(layer_of.size());
  std::iota(order.begin(), order.end(), TaskIndex{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](TaskIndex a, TaskIndex b) { return layer_of[a] < layer_of[b]; });
  return order;
}

/// What unreachable tasks need of reachable ones.
void add_unreachable(const Graph& graph, const Waves& waves, std::vector<Edge>& edges) {
  for (const auto& one : waves.unreachable) {
    const std::size_t first = edges.size();
    const auto add = [&](TaskIndex predecessor) {
      const bool known =
          std::any_of(edges.begin() + static_cast<std::ptrdiff_t>(first), edges.end(),
                      [&](const Edge& edge) { return edge.to == predecessor; });
      if (waves.wave_of[predecessor] > 0 && !known) edges.push_back({one.task, predecessor});
    };
    for (const Need& need : graph.needs(one.task)) {
      if (need.kind == Need::Kind::task) add(need.index);
      if (need.kind == Need::Kind::capability && !graph.providers(need.index).empty())
        add(graph.providers(need.index).front());
    }
  }
}

}  // namespace

Rows reduced(const Rows& predecessors, const std::vector<int>& layer_of) {
  if (predecessors.size() > most_tasks) return predecessors;
  Ancestors ancestors(predecessors.size());
  std::vector<Edge> edges;
  for (const TaskIndex task : by_layer(layer_of)) {
    const auto row = predecessors[task];
    std::vector<TaskIndex> nearest(row.begin(), row.end());
    std::stable_sort(nearest.begin(), nearest.end(),
                     [&](TaskIndex a, TaskIndex b) { return layer_of[a] > layer_of[b]; });
    for (const TaskIndex predecessor : nearest) {
      if (ancestors.has(task, predecessor)) continue;
      edges.push_back({task, predecessor});
      ancestors.add(task, predecessor);
    }
  }
  return {predecessors.size(), edges};
}

Drawing drawing_of(const Graph& graph, const Waves& waves) {
  Drawing drawing;
  drawing.layers = static_cast<int>(waves.waves.size());
  drawing.has_unreachable = !waves.unreachable.empty();
  if (drawing.has_unreachable) ++drawing.layers;
  drawing.layer_of = waves.wave_of;
  for (int& layer : drawing.layer_of) layer = (layer == 0 ? drawing.layers : layer) - 1;
  const Rows chosen = predecessor_rows(graph, waves);
  std::vector<Edge> edges;
  for (TaskIndex task = 0; task < chosen.size(); ++task) {
    for (const TaskIndex predecessor : chosen[task]) edges.push_back({task, predecessor});
  }
  add_unreachable(graph, waves, edges);
  drawing.predecessors = reduced({graph.size(), edges}, drawing.layer_of);
  return drawing;
}

}  // namespace gitplan::schedule
