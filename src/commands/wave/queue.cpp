#include "commands/wave/queue.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "git/presence.hpp"
#include "session/done_refs.hpp"
#include "session/workspace.hpp"

namespace gitplan::commands {
namespace {

constexpr std::int64_t nanoseconds = 1'000'000'000;

/// Not taken back, which whoever lands sees a little later.
bool is_done(const Workspace& workspace, const lander::HandIn& hand_in) {
  return hand_in.is_direct ||
         done_ref(workspace.repository(), hand_in.record.session, hand_in.record.task).has_value();
}

QueuedTask queued(const lander::HandIn& hand_in, const PlanView* view) {
  const auto& record = hand_in.record;
  QueuedTask made;
  made.task = record.task;
  made.state = hand_in.state;
  made.since = hand_in.since / nanoseconds;
  const bool is_of_plan = view != nullptr && record.session == view->session();
  const auto task = is_of_plan ? view->plan().find(record.task) : std::nullopt;
  if (task) made.description = view->task(static_cast<TaskIndex>(*task)).description;
  if (!is_of_plan) made.task = record.session + "/" + record.task;
  return made;
}

}  // namespace

std::vector<QueuedTask> landing_queue(const Workspace& workspace, const PlanView* view) {
  std::vector<QueuedTask> queue;
  std::map<std::string, int> places;
  for (const lander::HandIn& one : lander::HandIns(workspace.repository()).all()) {
    if (!one.is_queued() || !is_done(workspace, one)) continue;
    queue.push_back(queued(one, view));
    queue.back().position = ++places[one.flow_branch];
    queue.back().is_cared_for = git::may_be_alive(workspace.repository(), one.record.run);
  }
  return queue;
}

Json to_json(const std::vector<QueuedTask>& queue) {
  Json list = Json::array();
  for (const QueuedTask& one : queue) {
    list.push_back(Json{{"task", one.task},
                        {"position", one.position},
                        {"state", lander::to_string(one.state)},
                        {"since", rfc3339(one.since)}});
  }
  return list;
}

}  // namespace gitplan::commands
