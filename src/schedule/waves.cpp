#include "schedule/waves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "schedule/levels.hpp"
#include "schedule/task_names.hpp"

namespace gitplan::schedule {

namespace {

/// Tasks of a cycle that a reason names before it leaves some out.
constexpr std::size_t most_named = 12;

std::vector<std::vector<TaskIndex>> group(const std::vector<int>& levels) {
  std::vector<std::size_t> sizes;
  for (const int level : levels) {
    const auto index = static_cast<std::size_t>(level);
    if (index > sizes.size()) sizes.resize(index);
    if (index > 0) ++sizes[index - 1];
  }
  std::vector<std::vector<TaskIndex>> waves(sizes.size());
  for (std::size_t i = 0; i < waves.size(); ++i) waves[i].reserve(sizes[i]);
  for (TaskIndex task = 0; task < levels.size(); ++task) {
    if (levels[task] > 0) waves[static_cast<std::size_t>(levels[task]) - 1].push_back(task);
  }
  return waves;
}

/// Why tasks are in no wave.
class Reasons {
 public:
  Reasons(const Graph& graph, const Waves& waves)
      : graph_(graph), waves_(waves), cycle_of_(graph.size()) {
    for (const std::vector<TaskIndex>& cycle : find_cycles(graph, waves)) {
      cycles_.push_back("in the cycle " + path_of(graph.plan(), cycle, most_named));
      for (const TaskIndex task : cycle) cycle_of_[task] = cycles_.size();
    }
    find_obstacles();
  }

  [[nodiscard]] std::string reason(TaskIndex task) const {
    const auto needs = graph_.needs(task);
    for (const Need& need : needs) {
      if (need.kind == Need::Kind::capability && graph_.providers(need.index).empty()) {
        return fmt::format("no task provides '{}'", text::printable(graph_.capability(need.index)));
      }
      if (need.kind == Need::Kind::unknown_task) {
        const std::string& id = graph_.plan().tasks[task].depends_on[need.index];
        return fmt::format("depends on '{}', which is not in the plan", text::printable(id));
      }
    }
    if (cycle_of_[task] > 0) return cycles_[cycle_of_[task] - 1];
    return fmt::format("waits for {}, which is unreachable",
                       name_of(graph_.plan(), first_obstacle(needs)));
  }

 private:
  void find_obstacles() {
    // Of providers that cannot start, the nearest to the root of the trouble: the lowest level once
    // what nobody provides is assumed met. Level 0, in a cycle, wraps round to the furthest.
    const std::vector<int> levels = topological_levels(graph_, Unprovided::assume_met);
    const auto nearer = [&levels](TaskIndex a, TaskIndex b) {
      return static_cast<unsigned>(levels[a]) - 1U < static_cast<unsigned>(levels[b]) - 1U;
    };
    obstacles_.resize(graph_.capability_count());
    for (CapabilityIndex capability = 0; capability < obstacles_.size(); ++capability) {
      const auto providers = graph_.providers(capability);
      if (providers.empty() || is_reached(graph_, waves_.wave_of, capability)) continue;
      obstacles_[capability] = *std::min_element(providers.begin(), providers.end(), nearer);
    }
  }

  /// A task that one of the needs waits for in vain. There is one: the needs are of a task in no
  /// wave.
  [[nodiscard]] TaskIndex first_obstacle(std::span<const Need> needs) const {
    TaskIndex obstacle = 0;
    for (const Need& need : needs) {
      if (need.kind == Need::Kind::task) {
        obstacle = need.index;
      } else if (obstacles_[need.index]) {
        obstacle = *obstacles_[need.index];
      } else {
        continue;
      }
      if (waves_.wave_of[obstacle] == 0) break;
    }
    return obstacle;
  }

  const Graph& graph_;
  const Waves& waves_;
  std::vector<std::size_t> cycle_of_;  ///< place in cycles_, from 1
  std::vector<std::string> cycles_;
  std::vector<std::optional<TaskIndex>>
      obstacles_;  ///< of capabilities that no reachable task provides
};

}  // namespace

Waves compute_waves(const Graph& graph) {
  Waves waves;
  waves.wave_of = topological_levels(graph, Unprovided::block);
  waves.waves = group(waves.wave_of);
  if (std::find(waves.wave_of.begin(), waves.wave_of.end(), 0) == waves.wave_of.end()) return waves;
  const Reasons reasons(graph, waves);
  for (TaskIndex task = 0; task < graph.size(); ++task) {
    if (waves.wave_of[task] == 0) waves.unreachable.push_back({task, reasons.reason(task)});
  }
  return waves;
}

}  // namespace gitplan::schedule
