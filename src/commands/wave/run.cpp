#include "commands/wave/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/plan/show.hpp"
#include "commands/wave/placeholders.hpp"
#include "commands/wave/run_work.hpp"
#include "git/presence.hpp"
#include "git/scratch_checkout.hpp"
#include "plan/estimate.hpp"
#include "session/approval.hpp"
#include "session/guard.hpp"
#include "session/missing_work.hpp"
#include "session/next_tasks.hpp"
#include "session/renamed_plan.hpp"
#include "session/select.hpp"
#include "session/task_object.hpp"
#include "supervisor/descendants.hpp"
#include "supervisor/mind.hpp"
#include "supervisor/uv_runner.hpp"
#include "supervisor/worker_log.hpp"

namespace gitplan::commands {
namespace {

/// An empty one, of a variable that is not set perhaps, would complete every task by doing nothing.
bool is_blank(const WorkerCommand& command) {
  return command.shell ? text::trim(*command.shell).empty() : command.arguments.front().empty();
}

WorkerCommand command_of(const Workspace& workspace, const RunRequest& request) {
  if (!request.command.empty()) {
    if (!is_blank(request.command)) return request.command;
    throw Error(ErrorKind::usage, "the workers' command is empty",
                Hint{"to give one, run: git wave run -x '<command>'"});
  }
  if (const char* line = std::getenv("GIT_WAVE_COMMAND"); line != nullptr && *line != '\0')
    return {std::string(line), {}};
  if (auto line = workspace.config().text("wave.command"); line && !line->empty())
    return {std::move(line), {}};
  throw Error(ErrorKind::usage, "no command for the workers",
              Hint{"to give one, run: git wave run -x '<command>'"});
}

/// What no task could be started with. Their own names are looked at when their turn comes.
void refuse_paths(const Workspace& workspace, const WorkerCommand& command) {
  fill_placeholders(command.arguments, {"001", "task/001", workspace.slots().at(1).absolute_path,
                                        "1", worker_records(workspace).prompt_file(1)});
}

/// `name`: where the words come from.
std::optional<std::chrono::seconds> duration_of(const std::optional<std::string>& words,
                                                std::string_view name) {
  if (!words || words->empty() || *words == "none") return std::nullopt;
  const auto seconds = parse_duration(*words);
  if (seconds && *seconds >= 1) return std::chrono::seconds(static_cast<long>(*seconds));
  throw Error(name.starts_with("--") ? ErrorKind::usage : ErrorKind::fatal,
              fmt::format("bad duration '{}' for '{}'", text::printable(*words), name),
              Hint{name == "--verify-timeout"
                       ? "to allow twenty minutes, run: git wave run --verify-timeout='20 minutes'"
                       : "to allow twenty minutes, run: git wave run --timeout='20 minutes'"});
}

std::optional<std::chrono::seconds> timeout_of(const Workspace& workspace,
                                               const RunRequest& request) {
  if (request.timeout) return duration_of(request.timeout, "--timeout");
  return duration_of(workspace.config().text("wave.timeout"), "wave.timeout");
}

std::optional<std::chrono::seconds> verify_timeout_of(const Workspace& workspace,
                                                      const RunRequest& request) {
  if (request.verify_timeout) return duration_of(request.verify_timeout, "--verify-timeout");
  return timeout_of(workspace, request);
}

int retries_of(const Workspace& workspace, const RunRequest& request) {
  if (request.retries) return *request.retries;
  const auto configured = workspace.config().integer("wave.retries").value_or(0);
  constexpr std::int64_t most = 1000;
  if (configured >= 0 && configured <= most) return static_cast<int>(configured);
  throw Error(ErrorKind::fatal, fmt::format("bad number '{}' for 'wave.retries'", configured),
              Hint{"to try each task once, run: git config --unset wave.retries"});
}

std::optional<std::string> verify_of(const Workspace& workspace, const RunRequest& request) {
  auto line = request.verify ? request.verify : workspace.config().text("wave.verify");
  return line && !line->empty() ? line : std::nullopt;
}

Empty empty_of(const Workspace& workspace, const RunRequest& request) {
  if (workspace.config().boolean("wave.allowEmpty").value_or(false)) return Empty::merge;
  return request.empty;
}

std::string why_not(const PlanView& view, const ApprovalState& approval, TaskIndex index) {
  const Task& task = view.task(index);
  switch (view.status(index)) {
    case Status::failed:
    case Status::cancelled:
      return task.reason.value_or("");
    case Status::in_progress:
      if (const Slot* slot = view.slot(index))
        return fmt::format("with worker {}, in '{}'", slot->number, slot->path);
      return view.done_at(index) ? "done, not merged yet"
                                 : "its branch is there, and nobody works on it";
    default:
      break;
  }
  const std::string waiting = describe_blockers(view, index);
  if (!waiting.empty()) return "waiting for " + waiting;
  if (!view.plan().hold.empty()) return "on hold: " + view.plan().hold;
  return approval.holds_back(index) ? "waiting for approval" : "it could start";
}

/// Where only approval keeps a run from starting anything.
void refuse_all_unapproved(const Workspace& workspace, const PlanView& view,
                           const RunRequest& request) {
  if (!approval_required(workspace)) return;
  const ApprovalState approval = approval_state(workspace, view);
  const auto waiting = waiting_for_approval(approval, view);
  if (waiting.empty() || !next_tasks(workspace, view, request.overlapping).tasks.empty()) return;
  refuse_unapproved(approval, view, waiting.front());
}

/// What the run has to say of a task goes before what the plan shows of it.
std::string last_word(const PlanView& view, const ApprovalState& approval, TaskIndex index,
                      const supervisor::RunOutcome& outcome) {
  const auto left = outcome.left.find(view.task(index).id);
  const Status status = view.status(index);
  const bool is_open = status == Status::pending || status == Status::in_progress;
  return is_open && left != outcome.left.end() ? left->second : why_not(view, approval, index);
}

RunResult result_of(const Workspace& workspace, const PlanView& view,
                    const supervisor::RunOutcome& outcome) {
  const ApprovalState approval =
      approval_required(workspace) ? approval_state(workspace, view) : ApprovalState{};
  RunResult result;
  result.session = view.session();
  result.version = view.plan().version;
  result.state = view.state();
  const auto missing = missing_work(workspace, view);
  result.missing = static_cast<int>(missing.size());
  result.completed = view.count(Status::completed) - result.missing;
  result.total = static_cast<int>(view.size());
  for (const MissingWork& one : missing) {
    result.remaining.push_back(
        {view.task(one.task).id, Status::completed,
         fmt::format("'{}' does not have it", text::printable(view.plan().flow_branch))});
  }
  for (TaskIndex i = 0; i < view.size(); ++i) {
    if (view.status(i) == Status::completed) continue;
    result.remaining.push_back(
        {view.task(i).id, view.status(i), last_word(view, approval, i, outcome)});
  }
  result.signal = outcome.signal;
  result.red = outcome.red;
  result.flow_branch = view.plan().flow_branch;
  return result;
}

/// However a run ends.
struct LeavesNothing {
  LeavesNothing() { supervisor::become_subreaper(); }
  LeavesNothing(const LeavesNothing&) = delete;
  LeavesNothing& operator=(const LeavesNothing&) = delete;
  ~LeavesNothing() {
    supervisor::end_descendants(
        static_cast<int>(std::chrono::milliseconds(supervisor::term_to_kill).count()));
  }
};

/// However it ends: the checkouts in which trees were verified are removed.
class LeavesNoCheckout {
 public:
  LeavesNoCheckout(Settings settings, Notices notices)
      : settings_(std::move(settings)), notices_(std::move(notices)) {}
  LeavesNoCheckout(const LeavesNoCheckout&) = delete;
  LeavesNoCheckout& operator=(const LeavesNoCheckout&) = delete;
  ~LeavesNoCheckout() {
    try {
      git::remove_idle_checkouts(Workspace(settings_, notices_).repository());
    } catch (const std::exception&) {  // the next run removes them
    }
  }

 private:
  Settings settings_;
  Notices notices_;
};

/// What is told to the observer is told by what the plan records of a task that was given up.
class TellsAsRecorded final : public supervisor::Observer {
 public:
  TellsAsRecorded(supervisor::Observer& observer, const RunSetup& setup, const RunWork& work)
      : observer_(&observer), work_(&work), settings_(setup.settings), session_(setup.session) {}

  void on_event(const supervisor::Event& event) override {
    observer_->on_event(event.kind == Kind::failed ? as_recorded(event) : event);
  }
  void on_tick(const std::vector<supervisor::WorkerRecord>& running) override {
    observer_->on_tick(running);
    end_where_moved();
  }

 private:
  /// Its workers are ended, as by a signal.
  void end_where_moved() {
    try {
      work_->refuse_moved();
    } catch (const Error&) {
      if (!std::exchange(is_ending_, true)) std::raise(SIGTERM);
      throw;
    }
  }

  using Kind = supervisor::Event::Kind;

  [[nodiscard]] supervisor::Event as_recorded(supervisor::Event event) const {
    const Workspace workspace(settings_, [](const Notice&) {});
    const PlanView view(workspace, workspace.store().load(session_));
    const auto index = view.plan().find(event.worker.task);
    if (!index) return event;
    const Task& task = view.task(static_cast<TaskIndex>(*index));
    if (task.status == Status::failed && task.needs_decision) {
      event.kind = Kind::needs_decision;
      event.reason = task.question.value_or(task.reason.value_or(""));
    } else if (task.status == Status::cancelled) {
      event.kind = Kind::skipped;
      event.reason = task.reason ? "cancelled: " + *task.reason : "cancelled";
    }
    return event;
  }

  supervisor::Observer* observer_;
  const RunWork* work_;
  Settings settings_;
  std::string session_;
  bool is_ending_ = false;
};

void tell_red(supervisor::Observer& observer, const supervisor::Landing& red) {
  supervisor::Event event;
  event.kind = supervisor::Event::Kind::flow_red;
  event.commit = red.commit;
  event.command = red.command;
  event.exit_status = red.exit_status;
  observer.on_event(event);
}

supervisor::RunOutcome supervise(const RunSetup& setup, const supervisor::RunPolicy& policy,
                                 supervisor::Observer& observer) {
  const LeavesNothing leaves_nothing;
  RunWork work(setup);
  TellsAsRecorded teller(observer, setup, work);
  const auto loop = [&] {
    const auto runner = supervisor::make_uv_runner();
    return supervisor::supervise(*runner, work, teller, policy);
  };
  auto outcome = loop();
  if (outcome.red || outcome.signal) return outcome;
  outcome.red = work.red_flow();
  if (outcome.red) tell_red(observer, *outcome.red);
  return outcome;
}

}  // namespace

RunResult run_wave(Settings settings, const Notices& notices, const RunRequest& request,
                   supervisor::Observer& observer) {
  RunSetup setup;
  supervisor::RunPolicy policy;
  {
    Workspace workspace(settings, notices);
    setup.command = command_of(workspace, request);
    refuse_paths(workspace, setup.command);
    setup.timeout = timeout_of(workspace, request);
    setup.verify = verify_of(workspace, request);
    setup.verify_timeout = verify_timeout_of(workspace, request);
    setup.empty = empty_of(workspace, request);
    policy.retries = retries_of(workspace, request);
    policy.workers = max_parallel(workspace, request.jobs);
    const auto view = select_plan(workspace, Access::write);
    refuse_renamed(workspace, *view);
    refuse_hold(view->plan());
    refuse_all_unapproved(workspace, *view, request);
    warn_of_missing_work(workspace, *view);
    setup.session = view->session();
  }
  settings.plan = setup.session;
  setup.settings = settings;
  setup.notices = notices;
  setup.overlapping = request.overlapping;
  policy.scheduling = request.scheduling;
  policy.on_failure = request.on_failure;

  const LeavesNoCheckout leaves_no_checkout(settings, notices);
  const auto outcome = supervise(setup, policy, observer);
  Workspace workspace(settings, notices);
  return result_of(workspace, *select_plan(workspace, Access::read), outcome);
}

Json to_json(const RunResult& result) {
  Json remaining = Json::array();
  for (const auto& one : result.remaining) {
    remaining.push_back(
        Json{{"id", one.task}, {"status", to_string(one.status)}, {"reason", one.reason}});
  }
  Json object = new_object();
  object["success"] = result.success();
  object["plan_branch"] = plan_branch_text(result.session);
  object["plan_version"] = version_text(result.version);
  object["state"] = schedule::to_string(result.state);
  object["total_tasks"] = result.total;
  object["completed_tasks"] = result.completed;
  object["remaining"] = std::move(remaining);
  if (result.red) {
    object["flow_red"] = Json{{"flow_branch", result.flow_branch},
                              {"commit", result.red->commit},
                              {"command", result.red->command},
                              {"exit_status", result.red->exit_status}};
  }
  return object;
}

std::vector<supervisor::WorkerRecord> running_workers(const Workspace& workspace) {
  auto all = worker_records(workspace).all();
  std::erase_if(all, [&](const supervisor::WorkerRecord& one) {
    const bool cared_for = git::may_be_alive(workspace.repository(), one.run) ||
                           git::may_be_alive(workspace.repository(), one.mind);
    return one.phase == supervisor::WorkerRecord::Phase::idle || !cared_for;
  });
  return all;
}

std::string last_output(const supervisor::WorkerRecord& worker) {
  return supervisor::last_line(worker.log);
}

std::vector<std::string> last_output_lines(const std::string& log, std::size_t count) {
  return supervisor::last_lines(log, count);
}

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
