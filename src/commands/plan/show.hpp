// Looking at a plan: `git plan show`, `task list`, `task show`, `wave next`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "session/approval.hpp"
#include "session/json.hpp"
#include "session/view.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

/// `git plan show`; with `approval`, where there is or must be one.
Json plan_object(const PlanView& view);
Json plan_object(const PlanView& view, const ApprovalState& approval);
/// With these tasks alone.
Json plan_object(const PlanView& view, const ApprovalState& approval,
                 const std::vector<TaskIndex>& tasks);

/// `git task list`: indices in plan order.
struct TaskFilter {
  std::vector<Status> statuses{};  ///< empty: all
  bool ready_only = false;
  bool open_only = false;              ///< what is not completed or cancelled
  std::vector<int> waves{};            ///< empty: all
  std::vector<Priority> priorities{};  ///< empty: all
  /// What id, description, capabilities and files are looked through for, case left aside; empty:
  /// anything.
  std::string words{};
};
std::vector<TaskIndex> list_tasks(const PlanView& view, const TaskFilter& filter);
Json task_list_object(const PlanView& view, const std::vector<TaskIndex>& tasks);

/// `git task show`.
struct TaskDetails {
  int commits_ahead = 0;  ///< on its branch beyond flow, without the metadata commit
  std::optional<std::string> last_commit;  ///< subject of the branch's tip
  Seconds last_commit_time = 0;
  int todo_done = 0;
  int todo_total = 0;
};
TaskDetails task_details(const Workspace& workspace, const PlanView& view, TaskIndex index);
Json task_show_object(const PlanView& view, TaskIndex index, const TaskDetails& details);

/// `git wave next`.
struct NextWave {
  schedule::Next next;
  std::optional<int> wave;  ///< the lowest wave of what can start, else of what is unfinished
  std::vector<TaskIndex> unapproved;  ///< what only approval keeps from starting
};
NextWave next_wave(const Workspace& workspace, const PlanView& view);
enum class Explain { no, yes };
/// With Explain::yes, or where nothing can start, `blocked[]` says why of every unfinished task
/// that cannot.
Json to_json(const PlanView& view, const NextWave& next, Explain explain);
/// -j, $GIT_WAVE_MAX_PARALLEL, wave.maxParallel, 3. Throws Error(usage or fatal) if it is not at
/// least 1.
int max_parallel(const Workspace& workspace, const std::optional<std::string>& option);

Json unreachable_objects(const PlanView& view);

}  // namespace gitplan::commands
