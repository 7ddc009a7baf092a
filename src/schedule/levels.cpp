#include "schedule/levels.hpp"

#include <algorithm>

namespace gitplan::schedule {

namespace {

/// One run of the fixpoint. Tasks and capabilities are numbered together: tasks first.
class Fixpoint {
 public:
  Fixpoint(const Graph& graph, Unprovided unprovided)
      : graph_(graph), unmet_(graph.size()), met_(graph.capability_count()), levels_(graph.size()) {
    std::vector<Edge> edges;
    for (TaskIndex task = 0; task < graph.size(); ++task) {
      for (const Need& need : graph.needs(task)) {
        if (unprovided == Unprovided::assume_met && is_unprovided(need)) continue;
        ++unmet_[task];
        if (need.kind != Need::Kind::unknown_task) edges.push_back({node(need), task});
      }
    }
    waiting_ = Rows(graph.size() + graph.capability_count(), edges);
  }

  std::vector<int> run() && {
    for (TaskIndex task = 0; task < graph_.size(); ++task) {
      if (unmet_[task] == 0) next_.push_back(task);
    }
    for (int level = 1; !next_.empty(); ++level) {
      const std::vector<TaskIndex> wave = std::move(next_);
      next_.clear();
      for (const TaskIndex task : wave) levels_[task] = level;
      for (const TaskIndex task : wave) complete(task);
    }
    return std::move(levels_);
  }

 private:
  [[nodiscard]] bool is_unprovided(const Need& need) const {
    return need.kind == Need::Kind::unknown_task ||
           (need.kind == Need::Kind::capability && graph_.providers(need.index).empty());
  }

  [[nodiscard]] std::uint32_t node(const Need& need) const {
    const auto tasks = static_cast<std::uint32_t>(graph_.size());
    return need.kind == Need::Kind::capability ? tasks + need.index : need.index;
  }

  void complete(TaskIndex task) {
    release(task);
    for (const CapabilityIndex capability : graph_.provides(task)) {
      if (met_[capability]) continue;
      met_[capability] = true;
      release(static_cast<std::uint32_t>(graph_.size()) + capability);
    }
  }

  void release(std::uint32_t met_node) {
    for (const TaskIndex task : waiting_[met_node]) {
      if (--unmet_[task] == 0) next_.push_back(task);
    }
  }

  const Graph& graph_;
  std::vector<std::uint32_t> unmet_;  ///< needs of each task that are not met yet
  std::vector<bool> met_;             ///< capabilities that a completed task provides
  std::vector<int> levels_;
  Rows waiting_;                 ///< tasks that wait for each task or capability
  std::vector<TaskIndex> next_;  ///< tasks whose last need was just met
};

}  // namespace

std::vector<int> topological_levels(const Graph& graph, Unprovided unprovided) {
  return Fixpoint(graph, unprovided).run();
}

bool is_reached(const Graph& graph, const std::vector<int>& levels, CapabilityIndex capability) {
  const auto providers = graph.providers(capability);
  return std::any_of(providers.begin(), providers.end(),
                     [&](TaskIndex provider) { return levels[provider] > 0; });
}

}  // namespace gitplan::schedule
