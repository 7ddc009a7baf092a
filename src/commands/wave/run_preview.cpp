#include "commands/wave/run_preview.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "commands/plan/show.hpp"
#include "session/task_object.hpp"

namespace gitplan::commands {

RunPreview preview_run(const Workspace& workspace, const PlanView& view,
                       const RunRequest& request) {
  RunPreview preview;
  preview.session = view.session();
  preview.workers = max_parallel(workspace, request.jobs);
  schedule::Progress progress = view.progress();
  schedule::Estimates left = view.estimates();
  for (TaskIndex i = 0; i < view.size(); ++i) {
    const bool runs = progress.status[i] == Status::pending || progress.free[i];
    if (!runs) left.minutes[i] = 0;
    if (progress.status[i] == Status::in_progress && !progress.free[i])
      progress.status[i] = Status::completed;  // somebody is at it
  }
  for (;;) {
    const auto next =
        schedule::next_tasks(view.graph(), progress, view.critical_path(), {}, request.overlapping);
    if (next.tasks.empty()) break;
    RunPreview::Round round;
    round.tasks = next.tasks;
    for (const TaskIndex task : next.tasks) {
      round.minutes = std::max(round.minutes, left.minutes[task]);
      if (!view.task(task).estimated_time) ++preview.unestimated;
      progress.status[task] = Status::completed;
    }
    preview.rounds.push_back(std::move(round));
  }
  for (TaskIndex i = 0; i < view.size(); ++i) {
    if (progress.status[i] == Status::pending) preview.never.push_back(i);
  }
  const auto path = schedule::critical_path(view.graph(), view.waves(), left);
  preview.makespan_minutes =
      schedule::makespan(view.graph(), view.waves(), left, path, preview.workers);
  return preview;
}

Json to_json(const PlanView& view, const RunPreview& preview) {
  Json rounds = Json::array();
  for (std::size_t i = 0; i < preview.rounds.size(); ++i) {
    rounds.push_back(Json{{"wave", i + 1},
                          {"tasks", ids(view, preview.rounds[i].tasks)},
                          {"estimated_minutes", number(preview.rounds[i].minutes)}});
  }
  Json object = new_object();
  object["dry_run"] = true;
  object["plan_branch"] = view.branch();
  object["plan_version"] = view.version();
  object["waves"] = std::move(rounds);
  object["never"] = ids(view, preview.never);
  object["max_parallel"] = preview.workers;
  object["makespan_minutes"] = number(preview.makespan_minutes);
  object["unestimated"] = preview.unestimated;
  return object;
}

}  // namespace gitplan::commands
