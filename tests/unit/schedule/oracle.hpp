// What the scheduler promises, worked out the slow way, straight from the words of its headers.
#pragma once

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "unit/schedule/plans.hpp"
#include "unit/schedule/scheduled.hpp"

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

inline bool smaller_id(const Plan& plan, TaskIndex a, TaskIndex b) {
  const auto number_a = task_number(plan.tasks[a].id);
  const auto number_b = task_number(plan.tasks[b].id);
  return number_a != number_b ? number_a < number_b : a < b;
}

/// The provider of the lowest wave, then of the smallest id.
inline TaskIndex choose_provider(const Plan& plan, const std::vector<int>& wave_of,
                                 const std::string& capability) {
  std::optional<TaskIndex> best;
  for (TaskIndex task = 0; task < plan.tasks.size(); ++task) {
    if (wave_of[task] == 0 || !names(plan.tasks[task].provides, capability)) continue;
    const bool is_better = !best || wave_of[task] < wave_of[*best] ||
                           (wave_of[task] == wave_of[*best] && smaller_id(plan, task, *best));
    if (is_better) best = task;
  }
  return best.value();
}

inline std::set<TaskIndex> predecessors_by_definition(const RandomPlan& made, TaskIndex task) {
  const std::vector<int> wave_of = waves_by_running(made);
  std::set<TaskIndex> found;
  if (wave_of[task] == 0) return found;
  for (const std::string& id : made.plan.tasks[task].depends_on) {
    found.insert(find_task(made.plan, id).value());
  }
  for (const std::string& capability : made.plan.tasks[task].preconditions) {
    if (!names(made.given, capability)) {
      found.insert(choose_provider(made.plan, wave_of, capability));
    }
  }
  return found;
}

inline double longest_chain_from(const Lists& predecessors, const Estimates& estimates,
                                 TaskIndex task) {
  double longest = 0;
  for (TaskIndex other = 0; other < predecessors.size(); ++other) {
    if (std::find(predecessors[other].begin(), predecessors[other].end(), task) ==
        predecessors[other].end())
      continue;
    longest = std::max(longest, longest_chain_from(predecessors, estimates, other));
  }
  return longest + estimates.minutes[task];
}

/// List scheduling minute by minute; all estimates are whole minutes.
inline double makespan_by_the_minute(const RandomPlan& made, const Scheduled& all, int workers) {
  const Lists predecessors = chosen_predecessors(all.graph, all.waves);
  std::vector<double> end(made.plan.tasks.size(), std::numeric_limits<double>::infinity());
  std::set<TaskIndex> waiting;
  for (TaskIndex task = 0; task < end.size(); ++task) {
    if (all.waves.wave_of[task] > 0) waiting.insert(task);
  }
  double last = 0;
  for (double minute = 0; !waiting.empty(); ++minute) {
    for (bool started = true; started;) {
      started = false;
      std::optional<TaskIndex> best;
      int busy = 0;
      for (TaskIndex task = 0; task < end.size(); ++task) {
        if (!waiting.contains(task))
          busy += end[task] > minute && all.waves.wave_of[task] > 0 ? 1 : 0;
      }
      for (const TaskIndex task : waiting) {
        const bool ready = std::all_of(predecessors[task].begin(), predecessors[task].end(),
                                       [&](TaskIndex before) { return end[before] <= minute; });
        if (ready && (!best || better(made.plan, all.path, task, *best))) best = task;
      }
      if (!best || busy >= workers) continue;
      end[*best] = minute + all.estimates.minutes[*best];
      last = std::max(last, end[*best]);
      waiting.erase(*best);
      started = true;
    }
  }
  return last;
}

/// True if `wanting` waits for `other`: by its id, or for something that `other` provides.
inline bool waits_for(const RandomPlan& made, TaskIndex wanting, TaskIndex other) {
  const Task& task = made.plan.tasks[wanting];
  for (const std::string& id : task.depends_on) {
    if (find_task(made.plan, id) == other) return true;
  }
  return std::any_of(
      task.preconditions.begin(), task.preconditions.end(), [&](const std::string& capability) {
        return !names(made.given, capability) && names(made.plan.tasks[other].provides, capability);
      });
}

}  // namespace gitplan::schedule::tests
