// What the scheduler promises, worked out the slow way, straight from the words of its headers.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "unit/schedule/plans.hpp"

namespace gitplan::schedule::tests {

inline bool names(const Names& list, const std::string& capability) {
  return std::any_of(list.begin(), list.end(), [&](const std::string& entry) {
    return text::fold_space(entry) == text::fold_space(capability);
  });
}

inline std::optional<TaskIndex> find_task(const Plan& plan, const std::string& id) {
  for (TaskIndex i = 0; i < plan.tasks.size(); ++i) {
    if (same_task(plan.tasks[i].id, id)) return i;
  }
  return {};
}

/// True if the task could start with `done` completed.
inline bool can_start(const RandomPlan& made, const std::set<TaskIndex>& done, TaskIndex wanting) {
  const Task& task = made.plan.tasks[wanting];
  for (const std::string& capability : task.preconditions) {
    const bool provided = std::any_of(done.begin(), done.end(), [&](TaskIndex other) {
      return names(made.plan.tasks[other].provides, capability);
    });
    if (!provided && !names(made.given, capability)) return false;
  }
  return std::all_of(task.depends_on.begin(), task.depends_on.end(), [&](const std::string& id) {
    const auto other = find_task(made.plan, id);
    return other && done.contains(*other);
  });
}

/// Waves by running them: the wave of each task, 0 if none.
inline std::vector<int> waves_by_running(const RandomPlan& made) {
  std::vector<int> wave_of(made.plan.tasks.size());
  std::set<TaskIndex> done;
  for (int wave = 1;; ++wave) {
    std::set<TaskIndex> started;
    for (TaskIndex task = 0; task < wave_of.size(); ++task) {
      if (wave_of[task] == 0 && can_start(made, done, task)) started.insert(task);
    }
    if (started.empty()) return wave_of;
    for (const TaskIndex task : started) wave_of[task] = wave;
    done.insert(started.begin(), started.end());
  }
}

/// The plan as if all that nothing in it can meet were met: a capability that nobody provides, an
/// unknown id.
inline RandomPlan with_outside_help(RandomPlan made) {
  for (Task& task : made.plan.tasks) {
    for (const std::string& capability : task.preconditions) {
      const bool provided =
          std::any_of(made.plan.tasks.begin(), made.plan.tasks.end(),
                      [&](const Task& other) { return names(other.provides, capability); });
      if (!provided) made.given.push_back(capability);
    }
    std::erase_if(task.depends_on,
                  [&](const std::string& id) { return !find_task(made.plan, id); });
  }
  return made;
}

}  // namespace gitplan::schedule::tests
