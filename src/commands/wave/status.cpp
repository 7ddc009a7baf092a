#include "commands/wave/status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "agents/agent.hpp"
#include "base/error.hpp"
#include "commands/plan/show.hpp"
#include "commands/wave/agents.hpp"
#include "commands/wave/run.hpp"
#include "commands/wave/run_agents.hpp"
#include "commands/wave/usage_now.hpp"
#include "git/objects.hpp"
#include "git/presence.hpp"
#include "git/refs.hpp"
#include "lander/lander.hpp"
#include "session/base_branch.hpp"
#include "session/branch_work.hpp"
#include "session/select.hpp"
#include "session/task_object.hpp"
#include "session/workspace.hpp"
#include "slots/damage.hpp"
#include "store/ref_names.hpp"
#include "supervisor/log_limit.hpp"
#include "supervisor/worker_log.hpp"

namespace gitplan::commands {
namespace {

/// The views of the plans that slots work for, each made once.
class Views {
 public:
  Views(const Workspace& workspace, const PlanView* view) : workspace_(&workspace), given_(view) {}

  const PlanView* of(const std::string& session) {
    if (given_ != nullptr && given_->session() == session) return given_;
    const auto [place, added] = made_.try_emplace(session);
    if (added) {
      try {
        if (auto stored = workspace_->store().find(session)) {
          place->second = std::make_unique<PlanView>(*workspace_, std::move(*stored));
        }
      } catch (const Error&) {
        return nullptr;  // a plan that cannot be read: its slots are shown without it
      }
    }
    return place->second.get();
  }
  [[nodiscard]] const PlanView* given() const { return given_; }

 private:
  const Workspace* workspace_;
  const PlanView* given_;
  std::map<std::string, std::unique_ptr<PlanView>> made_;
};

WorkerStatus::State state_of(const Workspace& workspace, const PlanView& view, TaskIndex index) {
  if (is_all_merged(workspace, view, index)) return WorkerStatus::State::merged;
  if (view.done_at(index)) return WorkerStatus::State::done;
  switch (view.status(index)) {
    case Status::failed:
      return WorkerStatus::State::failed;
    case Status::cancelled:
      return WorkerStatus::State::idle;
    default:
      return WorkerStatus::State::working;
  }
}

/// What a slot works on: nothing for one without a task of a plan that can be read.
struct Assignment {
  const PlanView* view = nullptr;
  TaskIndex task = 0;
};

std::optional<Assignment> assignment_of(Views& views, const Slot& slot) {
  const auto& claim = slot.claim;
  const PlanView* view =
      claim && !claim->session.empty() ? views.of(claim->session) : views.given();
  if (view == nullptr) return std::nullopt;
  const auto index = view->task_of(slot);
  return index ? std::optional(Assignment{view, *index}) : std::nullopt;
}

/// What a run has noted of the slot's task; nothing if none gave it to the slot as it is now.
std::optional<supervisor::WorkerRecord> record_of(const supervisor::WorkerRecords& records,
                                                  const Slot& slot) {
  auto record = slot.claim ? records.read(slot.number) : std::nullopt;
  const bool is_of_it = record && record->phase != supervisor::WorkerRecord::Phase::idle &&
                        record->session == slot.claim->session &&
                        record->task == slot.claim->task &&
                        record->attempt_started >= slot.claim->since;
  return is_of_it ? record : std::nullopt;
}

/// What a run that is gone began, and nobody is at.
bool is_left_alone(const Workspace& workspace, const supervisor::WorkerRecord& record) {
  return !git::may_be_alive(workspace.repository(), record.run) &&
         !git::may_be_alive(workspace.repository(), record.mind) &&
         !git::may_be_alive(workspace.repository(), record.command);
}

/// Its command may have ended while nobody looked after it any more.
bool is_done(const supervisor::WorkerRecords& records, supervisor::WorkerRecord record) {
  if (const auto status = records.kept_status(record.worker);
      status && record.phase == supervisor::WorkerRecord::Phase::working) {
    record.phase = supervisor::WorkerRecord::Phase::ended;
    record.ending = supervisor::WorkerRecord::Ending::exited;
    record.exit_status = *status;
  }
  return supervisor::ended_well(record);
}

/// What the next run judges a worker by that has ended; empty: it starts over.
std::string failure_of(const supervisor::WorkerRecord& record) {
  using Record = supervisor::WorkerRecord;
  if (record.phase != Record::Phase::ended || record.ending == Record::Ending::interrupted)
    return "";
  if (record.ending == Record::Ending::exited)
    return fmt::format("exit status {}", record.exit_status);
  return record.ending == Record::Ending::timed_out && record.reason.empty() ? "a time-out"
                                                                             : record.reason;
}

/// Of a task in progress.
void note_left_alone(const Workspace& workspace, const supervisor::WorkerRecord& record,
                     WorkerStatus& worker) {
  if (!is_left_alone(workspace, record)) return;
  const bool done = is_done(worker_records(workspace), record);
  worker.state = done ? WorkerStatus::State::done : WorkerStatus::State::idle;
  if (!done) worker.ended_with = failure_of(record);
  worker.interrupted = !done && worker.ended_with.empty();
}

/// A run that was ended leaves its parked tasks so: they wait for the next one, too.
void note_agent(const supervisor::WorkerRecord& record, WorkerStatus& worker) {
  const bool is_parked = record.phase == supervisor::WorkerRecord::Phase::parked;
  if (is_parked || record.agent != agents::default_agent) worker.agent = record.agent;
  if (!is_parked) return;
  worker.state = WorkerStatus::State::parked;
  worker.parked_until = record.waits_until;
}

void add_run(const Workspace& workspace, const Assignment& assigned, WorkerStatus& worker) {
  const Task& task = assigned.view->task(assigned.task);
  const auto record = record_of(worker_records(workspace), worker.slot);
  if (record) worker.log = record->log;
  if (worker.state == WorkerStatus::State::working && record) note_agent(*record, worker);
  if (worker.state == WorkerStatus::State::working && record)
    note_left_alone(workspace, *record, worker);
  if (worker.state != WorkerStatus::State::failed) return;
  worker.needs_decision = task.needs_decision;
  worker.reason = (task.needs_decision && task.question ? task.question : task.reason).value_or("");
  if (worker.log.empty()) {
    worker.log = supervisor::last_log(logs_folder(workspace.repository()), assigned.view->session(),
                                      task.id, worker.slot.claim ? worker.slot.claim->since : 0);
  }
  constexpr std::size_t shown_lines = 5;
  worker.last_output = supervisor::last_lines(worker.log, shown_lines);
}

void add_task(const Workspace& workspace, Views& views, const Assignment& assigned,
              WorkerStatus& worker) {
  const std::string& id = assigned.view->task(assigned.task).id;
  worker.task =
      assigned.view == views.given() ? id : fmt::format("{}/{}", assigned.view->session(), id);
  worker.description = assigned.view->task(assigned.task).description;
  worker.state = state_of(workspace, *assigned.view, assigned.task);
  add_run(workspace, assigned, worker);
}

bool is_broken(const Slot& slot) {
  return !slot.is_worktree() || slot.state == Slot::State::half_made ||
         is_damaged(slot, IndexLook::header);
}

void add_commits(const Workspace& workspace, const std::optional<Assignment>& assigned,
                 WorkerStatus& worker) {
  const git::Repository& repository = workspace.repository();
  auto tip = worker.slot.detached;
  if (!worker.slot.branch.empty())
    tip = git::read_ref(repository, ref_names::branch_ref(worker.slot.branch));
  if (!tip) return;
  const git::Commit commit = git::read_commit(repository, *tip);
  worker.last_commit = commit.subject();
  worker.last_commit_time = commit.committer_time;
  if (!assigned || !assigned->view->flow().commit) return;
  worker.commits_ahead =
      own_commits(workspace, *assigned->view, assigned->task, *assigned->view->flow().commit, *tip);
}

}  // namespace

std::string_view to_string(WorkerStatus::State state) {
  switch (state) {
    case WorkerStatus::State::working:
      return "working";
    case WorkerStatus::State::parked:
      return "parked";
    case WorkerStatus::State::done:
      return "done";
    case WorkerStatus::State::merged:
      return "merged";
    case WorkerStatus::State::failed:
      return "failed";
    case WorkerStatus::State::idle:
      return "idle";
    case WorkerStatus::State::broken:
      return "broken";
  }
  return "broken";
}

std::vector<WorkerStatus> worker_status(const Workspace& workspace, const PlanView* view) {
  Views views(workspace, view);
  std::vector<WorkerStatus> workers;
  for (Slot& slot : workspace.slots().list()) {
    WorkerStatus worker;
    worker.slot = std::move(slot);
    try {
      const auto assigned = assignment_of(views, worker.slot);
      if (assigned) add_task(workspace, views, *assigned, worker);
      add_commits(workspace, assigned, worker);
      worker.dirty = !is_broken(worker.slot) && workspace.slots().dirty(worker.slot);
    } catch (const Error&) {
      worker.state = WorkerStatus::State::broken;
    }
    if (is_broken(worker.slot)) worker.state = WorkerStatus::State::broken;
    workers.push_back(std::move(worker));
  }
  return workers;
}

Json to_json(const std::vector<WorkerStatus>& workers) {
  Json list = Json::array();
  for (const WorkerStatus& worker : workers) {
    Json object{{"worker", std::to_string(worker.slot.number)},
                {"worktree_path", worker.slot.path},
                {"absolute_path", worker.slot.absolute_path}};
    if (!worker.slot.branch.empty()) object["branch"] = worker.slot.branch;
    if (!worker.task.empty()) {
      object["task"] = worker.task;
      object["description"] = worker.description;
    }
    object["dirty"] = worker.dirty;
    object["commits_ahead"] = worker.commits_ahead;
    if (!worker.last_commit.empty()) object["last_commit"] = worker.last_commit;
    object["state"] = to_string(worker.state);
    if (worker.interrupted) object["interrupted"] = true;
    if (!worker.agent.empty()) object["agent"] = worker.agent;
    if (worker.parked_until > 0) object["parked_until"] = rfc3339(worker.parked_until);
    if (!worker.ended_with.empty()) object["ended_with"] = worker.ended_with;
    if (worker.state == WorkerStatus::State::failed) object["reason"] = worker.reason;
    if (!worker.log.empty()) object["log"] = worker.log;
    if (!worker.last_output.empty()) object["last_output"] = worker.last_output;
    list.push_back(std::move(object));
  }
  Json object = new_object();
  object["workers"] = std::move(list);
  return object;
}

bool WaveStatus::is_over() const {
  if (view == nullptr || !running.empty()) return false;
  const auto state = view->state();
  return state == schedule::State::completed || state == schedule::State::stuck;
}

namespace {

/// The claims of a plan that others have.
void add_elsewhere(Views& views, const std::string& session, std::vector<WorkerElsewhere>& all) {
  const PlanView* view = views.of(session);
  if (view == nullptr) return;
  for (TaskIndex i = 0; i < view->size(); ++i) {
    const SeenClaim* claim = view->claimed_elsewhere(i);
    if (claim == nullptr) continue;
    const std::string& id = view->task(i).id;
    all.push_back({view == views.given() ? id : fmt::format("{}/{}", session, id),
                   view->task(i).description, claim->standing});
  }
}

std::vector<WorkerElsewhere> workers_elsewhere(const Workspace& workspace, const PlanView* view) {
  std::vector<WorkerElsewhere> all;
  if (workspace.shared_remote() == nullptr) return all;
  Views views(workspace, view);
  for (const std::string& session : workspace.shared_remote()->claimed_sessions())
    add_elsewhere(views, session, all);
  const auto place = [](const WorkerElsewhere& one) {
    const auto& claim = one.standing.claim;
    return claim ? std::pair(claim->machine, claim->worker) : std::pair(std::string(), 0);
  };
  std::ranges::stable_sort(all, {}, place);
  return all;
}

Json to_json(const WorkerElsewhere& worker) {
  Json object = Json::object();
  if (const auto& claim = worker.standing.claim) {
    object["machine"] = claim->machine;
    if (claim->worker > 0) object["worker"] = std::to_string(claim->worker);
    if (!claim->branch.empty()) object["branch"] = claim->branch;
  }
  object["task"] = worker.task;
  object["description"] = worker.description;
  add_times(object, worker.standing);
  const auto& claim = worker.standing.claim;
  object["state"] = claim && claim->state == remote::ClaimState::done ? "done" : "working";
  return object;
}

}  // namespace

WaveStatus wave_status(Workspace& workspace) {
  WaveStatus status;
  if (!has_no_plans(workspace) || workspace.settings().plan)
    status.view = select_plan(workspace, Access::read);
  status.workers = worker_status(workspace, status.view.get());
  status.elsewhere = workers_elsewhere(workspace, status.view.get());
  status.running = running_workers(workspace);
  status.queue = landing_queue(workspace, status.view.get());
  status.parked = parked_now(workspace);
  status.caps = configured_caps(workspace);
  if (status.view != nullptr && !status.caps.empty())
    status.usage = usage_now(workspace, *status.view);
  if (status.view != nullptr)
    status.outlook = outlook(workspace, *status.view, max_parallel(workspace, std::nullopt));
  return status;
}

std::chrono::milliseconds poll_time(const Workspace& workspace) {
  return lander::poll_time(workspace.config());
}

void say_what_to_do(const Workspace& workspace, const WaveStatus& status) {
  if (status.view == nullptr) return;
  say_base_ahead(workspace, status.view->plan().flow_branch, status.view->session());
  if (status.workers.empty() && !status.outlook.next.empty())
    workspace.hint("no worker has a task; to start some, run: git wave start");
}

namespace {

Json parked_json(const agents::Parkings& parked) {
  Json list = Json::array();
  for (const auto& [agent, one] : parked)
    list.push_back(Json{{"agent", agent}, {"until", rfc3339(one.until)}});
  return list;
}

Json caps_json(const WaveStatus& status) {
  Json list = Json::array();
  for (const agents::Cap& cap : status.caps) {
    const auto used = status.usage.find(cap.unit);
    list.push_back(Json{{"unit", cap.unit},
                        {"cap", cap.most},
                        {"used", used == status.usage.end() ? 0 : used->second}});
  }
  return list;
}

}  // namespace

Json to_json(const WaveStatus& status) {
  Json object = to_json(status.workers);
  for (const WorkerElsewhere& worker : status.elsewhere)
    object["workers"].push_back(to_json(worker));
  object["queue"] = to_json(status.queue);
  if (!status.parked.empty()) object["parked"] = parked_json(status.parked);
  if (!status.caps.empty()) object["caps"] = caps_json(status);
  if (status.view == nullptr) return object;
  const PlanView& view = *status.view;
  object["plan_branch"] = view.branch();
  object["plan_version"] = view.version();
  object["state"] = schedule::to_string(view.state());
  object["total_tasks"] = view.size();
  object["completed_tasks"] = view.count(Status::completed);
  object["next"] = ids(view, status.outlook.next);
  const TimeLeft& left = status.outlook.left;
  if (left.open > 0)
    object["minutes_left"] = left.is_known() ? number(left.makespan_minutes) : Json(nullptr);
  object["unestimated_left"] = left.unestimated;
  const std::string stuck = schedule::stuck_reason(view.graph(), view.progress());
  if (!stuck.empty()) object["reason"] = stuck;
  return object;
}

}  // namespace gitplan::commands
