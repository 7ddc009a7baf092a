#include "commands/wave/list.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "commands/plan/show.hpp"
#include "schedule/remaining.hpp"
#include "session/task_object.hpp"

namespace gitplan::commands {
namespace {

WaveState state_of(const PlanView& view, const std::vector<bool>& ready,
                   const std::vector<TaskIndex>& wave) {
  const auto any = [&](const auto& is) { return std::any_of(wave.begin(), wave.end(), is); };
  const auto has = [&](Status status) {
    return any([&](TaskIndex task) { return view.status(task) == status; });
  };
  if (!any([&](TaskIndex task) { return !schedule::is_over(view.status(task)); }))
    return WaveState::completed;
  if (has(Status::failed)) return WaveState::failed;
  if (has(Status::in_progress)) return WaveState::in_progress;
  return any([&](TaskIndex task) { return ready[task]; }) ? WaveState::ready : WaveState::pending;
}

WaveList::Wave wave_of(const PlanView& view, const std::vector<bool>& ready,
                       const std::vector<TaskIndex>& tasks) {
  WaveList::Wave wave;
  wave.state = state_of(view, ready, tasks);
  for (const TaskIndex task : tasks) {
    const double minutes = view.estimates().minutes[task];
    wave.estimated_minutes = std::max(wave.estimated_minutes, minutes);
    if (view.status(task) == Status::completed) ++wave.completed;
    if (!schedule::is_over(view.status(task)))
      wave.minutes_left = std::max(wave.minutes_left, minutes);
  }
  return wave;
}

}  // namespace

std::string_view to_string(WaveState state) {
  switch (state) {
    case WaveState::completed:
      return "completed";
    case WaveState::failed:
      return "failed";
    case WaveState::in_progress:
      return "in_progress";
    case WaveState::ready:
      return "ready";
    case WaveState::pending:
      return "pending";
  }
  return "pending";
}

WaveList list_waves(const PlanView& view, int workers) {
  WaveList list;
  list.left = time_left(view, workers);
  const auto ready = schedule::ready_tasks(view.graph(), view.progress());
  for (const auto& wave : view.waves().waves) list.waves.push_back(wave_of(view, ready, wave));
  return list;
}

Json to_json(const PlanView& view, const WaveList& list) {
  Json waves = Json::array();
  for (std::size_t i = 0; i < list.waves.size(); ++i) {
    const auto& tasks = view.waves().waves[i];
    waves.push_back(Json{{"wave", i + 1},
                         {"tasks", ids(view, tasks)},
                         {"estimated_minutes", number(list.waves[i].estimated_minutes)},
                         {"state", to_string(list.waves[i].state)},
                         {"total_tasks", tasks.size()},
                         {"completed_tasks", list.waves[i].completed}});
  }
  Json object = new_object();
  object["plan_branch"] = view.branch();
  object["plan_version"] = view.version();
  object["total_tasks"] = view.size();
  object["completed_tasks"] = view.count(Status::completed);
  object["waves"] = std::move(waves);
  object["max_parallel"] = list.left.workers;
  object["makespan_minutes"] = number(list.left.makespan_minutes);
  object["critical_path"] = ids(view, list.left.path.path);
  object["critical_path_minutes"] = number(list.left.path.minutes);
  object["unestimated"] = view.estimates().unestimated;
  object["unreachable"] = unreachable_objects(view);
  return object;
}

}  // namespace gitplan::commands
