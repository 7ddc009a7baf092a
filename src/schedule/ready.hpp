// What can start now, and why the rest cannot.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "schedule/critical_path.hpp"

namespace gitplan::schedule {

/// Progress as the caller derived it, parallel to Plan::tasks.
struct Progress {
  std::vector<Status> status;
  std::vector<bool> free;  ///< in progress, and to be given out: nobody has it
};

/// One thing a task waits for.
struct Blocker {
  enum class Kind { precondition, task } kind = Kind::task;
  std::string name;  ///< the precondition as written, or the id in depends_on as the plan has it
  /// Tasks of this plan that provide it, or the task itself; empty: nobody, or no such task.
  std::vector<TaskIndex> provided_by;
};

/// Capabilities that are available now: given, and the provides of completed tasks.
/// In the order: given, then by task; each once, as first written.
std::vector<std::string> available(const Graph& graph, std::span<const std::string> given,
                                   const Progress& progress);

/// What `task` waits for; empty if nothing (whatever its status is).
std::vector<Blocker> blocked_by(const Graph& graph, const Progress& progress, TaskIndex task);
/// pending and not blocked.
bool is_ready(const Graph& graph, const Progress& progress, TaskIndex task);
/// is_ready for all tasks at once, linear.
std::vector<bool> ready_tasks(const Graph& graph, const Progress& progress);

/// Work under way elsewhere that files must not overlap with: tasks in progress of this plan that
/// are not free, and all tasks in progress of other plans of the same flow branch.
struct Busy {
  std::string task;  ///< as messages name it: "003", or "session-x/003"
  std::vector<std::string> files;
  bool free = false;  ///< nobody is at it
};
struct HeldBack {
  TaskIndex task;
  std::string by;                  ///< Busy::task or an id of this plan
  std::vector<std::string> files;  ///< the task's own entries that overlap
};
struct Next {
  std::vector<TaskIndex> tasks;  ///< free ones, then ready ones; each best first
  std::vector<HeldBack> held_back;
};
enum class Overlapping { hold_back, allow };
/// A candidate is held back by overlap with busy work, with any free task listed before it or (for
/// a ready one) any task in progress, and with better ready ones that were chosen. Free tasks of
/// other plans hold back ready ones only: of two that nobody is at, one must be able to start.
Next next_tasks(const Graph& graph, const Progress& progress, const CriticalPath& path,
                std::span<const Busy> busy, Overlapping overlapping);

enum class State { ready, running, stuck, completed };
std::string_view to_string(State state);
/// completed: at least one task, all completed or cancelled. ready: some task is ready. running:
/// none ready, some in progress. stuck: neither, yet unfinished.
State plan_state(const Graph& graph, const Progress& progress);

/// One sentence on why a stuck plan is stuck, such as "task 002 failed and 003, 004 wait for it".
/// Empty otherwise.
std::string stuck_reason(const Graph& graph, const Progress& progress);

}  // namespace gitplan::schedule
