#include "commands/report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "commands/plan/show.hpp"
#include "commands/wave/worker_process.hpp"
#include "session/approval.hpp"
#include "session/task_object.hpp"
#include "session/workspace.hpp"
#include "supervisor/worker_log.hpp"

namespace gitplan::commands {
namespace {

constexpr double seconds_per_minute = 60;

bool is_retry(const Setback& setback) { return setback.facts.outcome == RunFacts::Outcome::done; }

/// To the second: more digits would only say how numbers are kept.
Json rounded(double minutes) {
  constexpr double digits = 1000;
  return number(std::round(minutes * digits) / digits);
}

std::string why_unfinished(const PlanView& view, TaskIndex index) {
  const Task& task = view.task(index);
  switch (view.status(index)) {
    case Status::failed: {
      const std::string word = task.needs_decision ? "failed, needs a decision" : "failed";
      return task.reason ? fmt::format("{}: {}", word, *task.reason) : word;
    }
    case Status::in_progress: {
      if (view.done_at(index)) return spoken(view, index);
      const Slot* slot = view.slot(index);
      if (slot != nullptr) return fmt::format("in progress with worker {}", slot->number);
      return view.is_free(index) ? "in progress, nobody works on it" : "in progress";
    }
    default:
      break;
  }
  for (const auto& one : view.waves().unreachable) {
    if (one.task == index) return "unreachable: " + one.reason;
  }
  const std::string waiting = describe_blockers(view, index);
  return waiting.empty() ? "ready" : "waiting for " + waiting;
}

void sum_up(const PlanView& view, Report& report) {
  bool running = false;
  for (TaskIndex i = 0; i < view.size(); ++i) {
    const TaskRun& run = report.history.tasks[i];
    if (run.started) report.started = std::min(report.started.value_or(*run.started), *run.started);
    if (run.finished)
      report.finished = std::max(report.finished.value_or(*run.finished), *run.finished);
    running = running || view.status(i) == Status::in_progress;
    if (const auto taken = report.taken_minutes(i)) {
      report.worked_minutes += *taken;
      report.estimated_minutes += view.estimates().minutes[i];
    }
    if (view.status(i) != Status::completed && view.status(i) != Status::cancelled)
      report.remaining.push_back({i, why_unfinished(view, i)});
  }
  if (running) report.finished.reset();
}

Json usage_object(const agents::Usage& usage) {
  Json object = Json::object();
  for (const auto& [unit, number] : usage) object[unit] = number;
  return object;
}

void add_agent(Json& object, const Report& report, const TaskRun& run, const std::string& task) {
  if (run.landing && !run.landing->facts.agent.empty()) object["agent"] = run.landing->facts.agent;
  const PlanUsage& usage = report.usage;
  if (const auto used = usage.by_task.find(task); used != usage.by_task.end())
    object["usage"] = usage_object(used->second);
  if (const auto parked = usage.parked.find(task); parked != usage.parked.end())
    object["parked_seconds"] = parked->second;
}

void add_usage(Json& object, const PlanUsage& usage) {
  if (!usage.all.empty()) {
    object["usage"] = usage_object(usage.all);
    Json by_agent = Json::object();
    for (const auto& [agent, used] : usage.by_agent) by_agent[agent] = usage_object(used);
    object["usage_by_agent"] = std::move(by_agent);
  }
  if (usage.parked.empty()) return;
  int parked = 0;
  for (const auto& [task, seconds] : usage.parked) parked += seconds;
  object["parked_seconds"] = parked;
}

Json run_object(const Report& report, TaskIndex index, const std::string& task) {
  const TaskRun& run = report.history.tasks[index];
  Json object = Json::object();
  if (run.started) object["started_at"] = rfc3339(*run.started);
  if (run.finished) object["finished_at"] = rfc3339(*run.finished);
  if (const auto taken = report.taken_minutes(index)) object["taken_minutes"] = rounded(*taken);
  if (run.worker) object["worker"] = std::to_string(*run.worker);
  if (!run.machine.empty()) object["machine"] = run.machine;
  if (run.attempts) object["attempts"] = *run.attempts;
  if (run.exit_status) object["exit_status"] = *run.exit_status;
  if (run.flaky) object["flaky"] = true;
  add_agent(object, report, run, task);
  if (!run.landing) return object;
  object["merge_commit"] = run.landing->commit.hex();
  object["merged_at"] = rfc3339(run.landing->time);
  object["merged_by"] = run.landing->by;
  if (!run.landing->message.empty()) object["message"] = run.landing->message;
  const auto& changes = run.landing->changes;
  object["files_changed"] = changes ? Json(changes->files) : Json(nullptr);
  object["lines_added"] = changes ? Json(changes->added) : Json(nullptr);
  object["lines_removed"] = changes ? Json(changes->removed) : Json(nullptr);
  object["changed_files"] = run.landing->files;
  return object;
}

/// The log of the attempt that a setback tells of, where it is surely that: a task that was begun
/// anew since writes to the same ones.
std::vector<std::string> last_output_of(const Workspace& workspace, const PlanView& view,
                                        const Setback& setback) {
  const auto index = view.plan().find(setback.task);
  if (!index || !setback.facts.attempts) return {};
  const bool tried_again = is_retry(setback);
  const bool stands = setback.facts.outcome == RunFacts::Outcome::failed &&
                      view.status(static_cast<TaskIndex>(*index)) == Status::failed;
  if (!tried_again && !stands) return {};
  constexpr std::size_t shown_lines = 20;
  return supervisor::last_lines(
      supervisor::log_path(logs_folder(workspace.repository()), view.session(), setback.task,
                           *setback.facts.attempts - (tried_again ? 1 : 0)),
      shown_lines);
}

Json setback_object(const Setback& setback, const std::vector<std::string>& last_output) {
  Json object{{"task", setback.task}};
  if (is_retry(setback)) {
    object["outcome"] = "retried";
  } else if (setback.facts.outcome) {
    object["outcome"] = to_string(*setback.facts.outcome);
  }
  if (!last_output.empty()) object["last_output"] = last_output;
  if (setback.time > 0) object["at"] = rfc3339(setback.time);
  if (setback.facts.worker) object["worker"] = std::to_string(*setback.facts.worker);
  if (setback.facts.attempts) object["attempts"] = *setback.facts.attempts;
  if (setback.facts.exit_status) object["exit_status"] = *setback.facts.exit_status;
  if (setback.facts.timed_out) object["timed_out"] = true;
  if (!setback.facts.reason.empty()) object["reason"] = setback.facts.reason;
  if (!setback.kept.empty()) object["kept_at"] = setback.kept;
  return object;
}

void add_totals(Json& object, const PlanView& view, const Report& report) {
  for (const Status status :
       {Status::in_progress, Status::pending, Status::failed, Status::cancelled})
    object[fmt::format("{}_tasks", to_string(status))] = view.count(status);
  if (report.started) object["started_at"] = rfc3339(*report.started);
  if (report.finished) object["finished_at"] = rfc3339(*report.finished);
  if (report.started) {
    object["elapsed_minutes"] =
        rounded(static_cast<double>(report.until() - *report.started) / seconds_per_minute);
  }
  object["worked_minutes"] = rounded(report.worked_minutes);
  object["estimated_minutes"] = rounded(report.estimated_minutes);
  object["files_changed"] = report.history.total.files;
  object["lines_added"] = report.history.total.added;
  object["lines_removed"] = report.history.total.removed;
}

Json wave_objects(const PlanView& view, const Report& report) {
  Json list = Json::array();
  for (std::size_t i = 0; i < report.waves.size(); ++i) {
    const RealWave& wave = report.waves[i];
    list.push_back(Json{{"wave", i + 1},
                        {"tasks", ids(view, wave.tasks)},
                        {"started_at", rfc3339(wave.started)},
                        {"finished_at", rfc3339(wave.finished)},
                        {"minutes", rounded(static_cast<double>(wave.finished - wave.started) /
                                            seconds_per_minute)}});
  }
  return list;
}

}  // namespace

std::optional<double> Report::taken_minutes(TaskIndex task) const {
  const TaskRun& run = history.tasks[task];
  if (!run.started) return std::nullopt;
  const Seconds end = std::max(run.finished.value_or(made), *run.started);
  return static_cast<double>(end - *run.started) / seconds_per_minute;
}

Report plan_report(const Workspace& workspace, const PlanView& view) {
  Report report;
  report.made = now();
  report.history = run_history(workspace, view);
  for (const Setback& setback : report.history.setbacks)
    report.last_output.push_back(last_output_of(workspace, view, setback));
  report.waves = real_waves(report.history.tasks, report.made);
  report.approvals = plan_approvals(workspace, view.stored());
  report.capabilities = schedule::available(view.graph(), view.given(), view.progress());
  report.usage = plan_usage(view, report.history);
  report.verified = lander::history_of(workspace.repository(), view.session());
  sum_up(view, report);
  return report;
}

std::string describe(const Setback& setback) {
  if (is_retry(setback)) {
    return fmt::format("tried again: {}; then completed (attempt {})", setback.facts.reason,
                       setback.facts.attempts.value_or(2));
  }
  std::vector<std::string> known;
  if (setback.facts.exit_status)
    known.push_back(fmt::format("exit {}", *setback.facts.exit_status));
  if (setback.facts.timed_out) known.emplace_back("timed out");
  if (setback.facts.attempts && *setback.facts.attempts > 1)
    known.push_back(fmt::format("attempt {}", *setback.facts.attempts));
  std::string text(setback.facts.outcome ? to_string(*setback.facts.outcome) : "failed");
  if (!known.empty()) text += fmt::format(" ({})", text::join(known, ", "));
  if (!setback.facts.reason.empty()) text += ": " + setback.facts.reason;
  return text;
}

namespace {

Json verifications_object(const lander::History& verified) {
  constexpr double minute = 60;
  return Json{{"count", verified.verifications},
              {"seconds", rounded(verified.seconds)},
              {"flaky", verified.flaky},
              {"sent_back", verified.sent_back},
              {"longest_wait_minutes", rounded(verified.longest_wait / minute)}};
}

}  // namespace

Json to_json(const PlanView& view, const Report& report) {
  Json object = plan_object(view);
  Json tasks = std::move(object["tasks"]);
  object.erase("tasks");
  add_totals(object, view, report);
  Json approvals = Json::array();
  for (const auto& one : report.approvals) {
    approvals.push_back(
        Json{{"version", one.version}, {"at", one.at}, {"by", one.by}, {"note", one.note}});
  }
  object["approvals"] = std::move(approvals);
  object["waves"] = wave_objects(view, report);
  object["failures"] = Json::array();
  for (std::size_t i = 0; i < report.history.setbacks.size(); ++i) {
    object["failures"].push_back(setback_object(report.history.setbacks[i], report.last_output[i]));
  }
  object["remaining"] = Json::array();
  for (const auto& one : report.remaining)
    object["remaining"].push_back(Json{{"id", view.task(one.task).id}, {"reason", one.why}});
  object["capabilities"] = report.capabilities;
  object["verifications"] = verifications_object(report.verified);
  add_usage(object, report.usage);
  for (TaskIndex i = 0; i < view.size(); ++i)
    tasks[i]["run"] = run_object(report, i, view.task(i).id);
  object["tasks"] = std::move(tasks);
  return object;
}

}  // namespace gitplan::commands
