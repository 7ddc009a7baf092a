#include "commands/wave/run.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "commands/plan/sync.hpp"
#include "commands/wave/live_worker.hpp"
#include "commands/wave/notifier.hpp"
#include "commands/wave/run_host.hpp"
#include "commands/wave/run_limits.hpp"
#include "commands/wave/run_options.hpp"
#include "commands/wave/run_result.hpp"
#include "commands/wave/run_work.hpp"
#include "git/presence.hpp"
#include "git/scratch_checkout.hpp"
#include "session/approval.hpp"
#include "session/guard.hpp"
#include "session/missing_work.hpp"
#include "session/next_tasks.hpp"
#include "session/renamed_plan.hpp"
#include "session/select.hpp"
#include "supervisor/descendants.hpp"
#include "supervisor/mind.hpp"
#include "supervisor/uv_runner.hpp"
#include "supervisor/worker_log.hpp"

namespace gitplan::commands {
namespace {

/// Where only approval keeps a run from starting anything.
void refuse_all_unapproved(const Workspace& workspace, const PlanView& view,
                           const RunRequest& request) {
  if (!approval_required(workspace)) return;
  const ApprovalState approval = approval_state(workspace, view);
  const auto waiting = waiting_for_approval(approval, view);
  if (waiting.empty() || !next_tasks(workspace, view, request.overlapping).tasks.empty()) return;
  refuse_unapproved(approval, view, waiting.front());
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
  TellsAsRecorded(supervisor::Observer& observer, Notifier& notifier, const RunSetup& setup,
                  const RunWork& work)
      : observer_(&observer),
        notifier_(&notifier),
        work_(&work),
        settings_(setup.settings),
        session_(setup.session) {}

  void on_event(const supervisor::Event& event) override {
    const supervisor::Event told = event.kind == Kind::failed ? as_recorded(event) : event;
    observer_->on_event(told);
    notifier_->hear(told);
  }
  void on_tick(const std::vector<supervisor::WorkerRecord>& running) override {
    observer_->on_tick(running);
    notifier_->pump();
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
  Notifier* notifier_;
  const RunWork* work_;
  Settings settings_;
  std::string session_;
  bool is_ending_ = false;
};

void tell_red(supervisor::Observer& observer, Notifier& notifier, const supervisor::Landing& red) {
  supervisor::Event event;
  event.kind = supervisor::Event::Kind::flow_red;
  event.commit = red.commit;
  event.command = red.command;
  event.exit_status = red.exit_status;
  observer.on_event(event);
  notifier.hear(event);
}

supervisor::RunOutcome supervise(const RunSetup& setup, const supervisor::RunPolicy& policy,
                                 supervisor::Observer& observer, Notifier& notifier) {
  RunWork work(setup);
  RunLimits limits(setup.agents.limits, setup.settings, setup.notices, setup.session);
  TellsAsRecorded teller(observer, notifier, setup, work);
  const auto loop = [&] {
    const auto runner = supervisor::make_uv_runner();
    return supervisor::supervise(*runner, work, limits, teller, policy);
  };
  auto outcome = loop();
  if (outcome.red || outcome.signal) return outcome;
  outcome.red = work.red_flow();
  if (outcome.red) tell_red(observer, notifier, *outcome.red);
  return outcome;
}

}  // namespace

RunResult run_wave(Settings settings, const Notices& notices, const RunRequest& request,
                   supervisor::Observer& observer) {
  RunSetup setup;
  supervisor::RunPolicy policy;
  if (request.remote) {
    Workspace workspace(settings, notices);
    sync(workspace, request.remote);
  }
  {
    Workspace workspace(settings, notices);
    refuse_other_host(workspace);
    read_options(workspace, request, setup, policy);
    const auto view = select_plan(workspace, Access::write);
    refuse_renamed(workspace, *view);
    refuse_run_in_run(workspace, view->session());
    refuse_hold(view->plan());
    refuse_unknown_agents(*view, setup.agents);
    refuse_all_unapproved(workspace, *view, request);
    warn_of_missing_work(workspace, *view);
    setup.session = view->session();
  }
  settings.plan = setup.session;
  setup.settings = settings;
  setup.notices = notices;
  const LeavesNoCheckout leaves_no_checkout(settings, notices);
  const LeavesNothing leaves_nothing;
  Notifier notifier(Workspace(settings, notices), setup.session);
  const auto outcome = supervise(setup, policy, observer, notifier);
  Workspace workspace(settings, notices);
  auto result = result_of(workspace, *select_plan(workspace, Access::read), outcome);
  notifier.tell(finished_event(result));
  notifier.finish();
  return result;
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

}  // namespace gitplan::commands
