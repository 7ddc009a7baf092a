#include "commands/wave/run_work.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/file_mode.hpp"
#include "base/text.hpp"
#include "commands/plan/update.hpp"
#include "commands/task/done.hpp"
#include "commands/task/prompt.hpp"
#include "commands/task/reset.hpp"
#include "commands/wave/attempt_note.hpp"
#include "commands/wave/held_by_runs.hpp"
#include "commands/wave/worker_files.hpp"
#include "git/lock.hpp"
#include "git/presence.hpp"
#include "git/process.hpp"
#include "lander/given_up.hpp"
#include "lander/lander.hpp"
#include "lander/news.hpp"
#include "lander/record_facts.hpp"
#include "plan/ids.hpp"
#include "session/flow_trust.hpp"
#include "session/guard.hpp"
#include "session/next_tasks.hpp"
#include "supervisor/ends_on_signal.hpp"
#include "supervisor/own_program.hpp"
#include "supervisor/time_limit.hpp"
#include "supervisor/worker_log.hpp"

namespace gitplan::commands {
namespace {

using supervisor::Landing;
using supervisor::ProcessSpec;
using supervisor::WorkerRecord;

constexpr Seconds logs_are_kept = 30 * 24 * 3600;

RunFacts facts_of(const WorkerRecord& record, RunFacts::Outcome outcome,
                  const std::string& reason) {
  RunFacts facts;
  facts.task = record.task;
  facts.outcome = outcome;
  facts.worker = record.worker;
  facts.attempts = record.attempt;
  facts.started_at = rfc3339(record.started);
  facts.finished_at = rfc3339(record.ended > 0 ? record.ended : now());
  facts.exit_status = record.exit_status;
  facts.timed_out = record.ending == WorkerRecord::Ending::timed_out ||
                    record.ending == WorkerRecord::Ending::stalled;
  facts.reason = reason;
  lander::note_agent(record, facts);
  return facts;
}

std::string timeout_word(std::chrono::seconds timeout) {
  return fmt::format("--timeout={}s", timeout.count());
}

/// Its worktree is kept then, for whoever looks into it.
bool has_failed(const Workspace& workspace, const WorkerRecord& record) {
  const PlanView view(workspace, workspace.store().load(record.session));
  const auto task = view.plan().find(record.task);
  return task && view.status(static_cast<TaskIndex>(*task)) == Status::failed;
}

std::optional<std::pair<std::uint64_t, std::uint64_t>> file_at(const std::string& folder) {
  struct stat info {};
  if (::stat(folder.c_str(), &info) != 0) return std::nullopt;
  return std::pair<std::uint64_t, std::uint64_t>{info.st_dev, info.st_ino};
}

}  // namespace

Place::Place(std::string folder) : folder_(std::move(folder)), file_(file_at(folder_)) {}

bool Place::is_left() const { return file_at(folder_) != file_; }

void RunWork::refuse_moved() const {
  if (!place_.is_left()) return;
  throw Error(
      ErrorKind::fatal,
      fmt::format("the repository is not at '{}' any more: its workers were ended, and what "
                  "they did is left as it stands",
                  place_.folder()),
      Hint{"if it was moved, to mend its worktrees, run there: git worktree repair"});
}

RunWork::RunWork(RunSetup setup) : setup_(std::move(setup)), records_("") {
  Workspace workspace(setup_.settings, setup_.notices);
  workspace.begin_write();
  base_folder_ = workspace.repository().base_folder();
  place_ = Place(workspace.repository().common_dir());
  const std::string state_folder = git::make_state_folder(workspace.repository());
  logs_folder_ = logs_folder(workspace.repository());
  log_limit(workspace);  // refused now rather than by each worker, and so are these
  lander::waits_for_others(workspace.config());
  lander::poll_time(workspace.config());
  retries_ = lander::queue_policy(workspace.config(), setup_.verify.value_or("")).retries;
  delete_old_logs(workspace, now() - logs_are_kept);
  records_ = worker_records(workspace);
  care_.emplace(setup_.settings, setup_.notices, setup_.session, state_folder, records_);
  done_.emplace(setup_.settings, setup_.notices, setup_.session);
  git::announced_process(workspace.repository());
  if (workspace.shared_remote() != nullptr) {
    const auto plan = workspace.store().load(setup_.session);
    sharing_.emplace(workspace, KeptPlan{setup_.session, plan.plan.flow_branch},
                     setup_.overlapping);
  }
  was_cut_short_ = std::ranges::any_of(
      records_.all(), [](const auto& one) { return one.phase != WorkerRecord::Phase::idle; });
}

std::string RunWork::log_file(const WorkerRecord& record) const {
  return supervisor::log_path(logs_folder_, record.session, record.task, record.attempt);
}

std::set<std::string> RunWork::startable() {
  const Workspace workspace = open();
  const PlanView view(workspace, workspace.store().load(setup_.session));
  const auto next = next_tasks(workspace, view, setup_.overlapping);
  std::set<std::string> ids;
  for (const TaskIndex task : next.tasks) ids.insert(view.task(task).id);
  for (const auto& held : next.held_back) ids.insert(view.task(held.task).id);
  return ids;
}

ProcessSpec RunWork::own_process(std::vector<std::string> words, const std::string& log) const {
  make_folders(log.substr(0, log.rfind('/')));
  ProcessSpec spec;
  spec.arguments = {supervisor::own_program()};
  spec.arguments.insert(spec.arguments.end(), words.begin(), words.end());
  spec.environment = git::child_environment({});
  spec.folder = base_folder_;
  spec.log_file = log;
  return spec;
}

ProcessSpec RunWork::worker_process(WorkerRecord& record) {
  const Workspace workspace = open();
  const PlanView view(workspace, workspace.store().load(record.session));
  const auto index = view.plan().find(record.task);
  if (!index) {
    throw Error(ErrorKind::not_found, fmt::format("task '{}' is in the plan no more", record.task),
                Hint{"to see what is, run: git plan show"});
  }
  const std::string note = attempt_note(record);  // names the log of the attempt before
  const std::string log = log_file(record);
  // An attempt that starts over goes on in its log; an older run's is no part of this one.
  if (record.log != log) ::unlink(log.c_str());
  record.log = log;
  record.phase = WorkerRecord::Phase::assigned;
  record.run = this_process();
  record.mind = record.command = {};
  trust_flow(workspace, view);
  record.allow_empty = setup_.empty == Empty::merge;
  record.told.reset();
  agents::add(record.usage_before, std::exchange(record.usage, {}));
  record.log_begin = supervisor::log_size(record.log);
  record.attempt_started = now();
  record.ended = 0;
  records_.start_afresh(record.worker);
  records_.write(record);
  write_file_atomically(records_.prompt_file(record.worker),
                        prompt(workspace, view, static_cast<TaskIndex>(*index), record.branch,
                               workspace.slots().at(record.worker), Worker::of_run) +
                            note,
                        private_file_mode());
  return own_process(worker_words(record), record.log);
}

std::vector<std::string> RunWork::worker_words(const WorkerRecord& record) const {
  const auto command = setup_.agents.commands.find(record.agent);
  if (command == setup_.agents.commands.end()) {
    throw Error(ErrorKind::not_found, fmt::format("there is no agent '{}' any more", record.agent),
                Hint{"to see those that there are, run: git wave agents"});
  }
  std::vector<std::string> words{"run-worker", "--plan=" + record.session,
                                 fmt::format("--worker={}", record.worker)};
  if (const auto timeout = setup_.agents.limits.agents.at(record.agent).timeout)
    words.push_back(timeout_word(*timeout));
  if (setup_.stall) words.push_back(fmt::format("--stall={}s", setup_.stall->count()));
  if (setup_.settings.hooks == Hooks::skip) words.emplace_back("--no-hooks");
  if (command->second.shell) {
    words.insert(words.end(), {"-x", *command->second.shell});
  } else {
    words.emplace_back("--");
    words.insert(words.end(), command->second.arguments.begin(), command->second.arguments.end());
  }
  return words;
}

/// Somebody may have given it to another one while no run was there.
std::string RunWork::wanted_now(const WorkerRecord& record) const {
  const Workspace workspace = open();
  const Plan plan = workspace.store().load(record.session).plan;
  const auto index = plan.find(record.task);
  return index ? plan.tasks[*index].agent.value_or("") : record.wanted_agent;
}

void RunWork::take_usage(WorkerRecord& record) const {
  if (record.phase != WorkerRecord::Phase::ended) return;
  const auto file = used_by_attempt(records_, record.worker);
  if (!file.problem.empty())
    open().warn({Severity::warning, "usage",
                 fmt::format("task '{}': {}", text::printable(record.task), file.problem),
                 record.task, std::nullopt});
  if (file.usage == record.usage) return;
  record.usage = file.usage;
  records_.write(record);
}

WorkerRecord RunWork::reread(const WorkerRecord& record) {
  refuse_moved();
  WorkerRecord now = care_->reread(record);
  take_usage(now);
  return now;
}

void RunWork::trust_flow(const Workspace& workspace, const PlanView& view) {
  if (!setup_.verify || !view.flow().commit || std::exchange(flow_trusted_, true)) return;
  FlowTrust(workspace, view.plan().flow_branch, *setup_.verify)
      .begin(*view.flow().commit, was_cut_short_);
}

std::optional<Landing> RunWork::red_flow() {
  if (!setup_.verify) return std::nullopt;
  Workspace workspace = open();
  workspace.begin_write();
  const PlanView view(workspace, workspace.store().load(setup_.session));
  if (!view.flow().commit || view.state() != schedule::State::completed) return std::nullopt;
  trust_flow(workspace, view);
  const supervisor::TimeLimit limit(setup_.verify_timeout);
  const auto red = FlowTrust(workspace, view.plan().flow_branch, *setup_.verify)
                       .look(*view.flow().commit, retries_, [&] { return limit.is_over(); });
  if (!red) return std::nullopt;
  Landing landing;
  landing.outcome = Landing::Outcome::flow_is_red;
  landing.commit = red->commit.hex();
  landing.command = *setup_.verify;
  landing.exit_status = red->exit_status;
  return landing;
}

std::vector<WorkerRecord> RunWork::adopt() {
  refuse_moved();
  auto adopted = care_->adopt();
  for (WorkerRecord& record : adopted) {
    take_usage(record);
    if (record.phase == WorkerRecord::Phase::parked) record.wanted_agent = wanted_now(record);
  }
  if (sharing_ && !adopted.empty()) leave_to_others(adopted);
  for (WorkerRecord& record : done_->adopt(setup_.verify)) adopted.push_back(std::move(record));
  return adopted;
}

bool RunWork::others_work() {
  refuse_moved();
  if (care_->others_work() || done_->others_wait() || (sharing_ && sharing_->waits())) return true;
  return setup_.overlapping == schedule::Overlapping::hold_back &&
         is_held_by_other_run(open(), setup_.session);
}

void RunWork::offer(const WorkerRecord& record) {
  refuse_moved();
  done_->offer(record, setup_.verify);
}

ProcessSpec RunWork::lander_process(supervisor::Lands what) {
  if (setup_.verify && !flow_trusted_) {  // of a run that died: no worker was started here
    const Workspace workspace = open();
    trust_flow(workspace, PlanView(workspace, workspace.store().load(setup_.session)));
  }
  const std::string log = supervisor::log_path(logs_folder_, setup_.session, "landing", 1);
  std::vector<std::string> words{"run-land", "--plan=" + setup_.session};
  if (what == supervisor::Lands::keep) words.emplace_back("--keep");
  if (setup_.settings.hooks == Hooks::skip) words.emplace_back("--no-hooks");
  if (sharing_) words.push_back("--run=" + sharing_->run());
  if (setup_.verify) words.push_back("--verify=" + *setup_.verify);
  if (setup_.verify_timeout) words.push_back(timeout_word(*setup_.verify_timeout));
  return own_process(std::move(words), log);
}

std::optional<supervisor::LanderNews> RunWork::lander_said(std::string_view line) {
  return lander::parse_news(line);
}

void RunWork::free_slot(const WorkerRecord& record) {
  records_.update(record.worker, [](WorkerRecord& kept) {
    kept.phase = WorkerRecord::Phase::idle;
    return true;
  });
}

void RunWork::settled(const WorkerRecord& record) { done_->settled(record); }

void RunWork::write(const WorkerRecord& record) {
  refuse_moved();
  records_.write(record);
}

bool RunWork::is_merged(const WorkerRecord& record) {
  const Workspace workspace = open();
  const PlanView view(workspace, workspace.store().load(record.session));
  const auto index = view.plan().find(record.task);
  return index && view.in_flow(static_cast<TaskIndex>(*index));
}

std::optional<Landing> RunWork::given_up(const WorkerRecord& record) {
  const Workspace workspace = open();
  const PlanView view(workspace, workspace.store().load(record.session));
  const auto index = view.plan().find(record.task);
  if (!index) return lander::landing_of_removed();
  return lander::landing_of_given_up(view, static_cast<TaskIndex>(*index));
}

void RunWork::ask_to_stop(const WorkerRecord& record) { records_.ask_to_stop(record.worker); }

void RunWork::record_merged() try {
  Workspace workspace = open();
  workspace.begin_write();
  write_plan(workspace, setup_.session, "Record what was merged",
             [](const EditContext& context) { return context.current.plan; });
} catch (const Error& error) {
  if (!sharing_ || !error.code().starts_with("remote_")) throw;  // the next landing records it
}

void RunWork::fail(const WorkerRecord& record, const std::string& reason) {
  Workspace workspace = open();
  UpdateRequest update;
  update.fail = {record.task};
  update.reason = text::printable(reason);
  update.facts = {facts_of(record, RunFacts::Outcome::failed, update.reason)};
  try {
    update_plan(workspace, setup_.session, update);
  } catch (const Error& error) {
    // Somebody, the worker itself perhaps, has recorded something else meanwhile: that stands.
    if (error.kind() != ErrorKind::wrong_state) throw;
    workspace.warn({Severity::warning, "not_recorded", error.what(), record.task, std::nullopt});
  }
}

void RunWork::skip(const WorkerRecord& record) {
  Workspace workspace = open();
  ResetRequest reset;
  reset.task = record.task;
  reset.facts = facts_of(record, RunFacts::Outcome::skipped, "exit status 125");
  reset_task(workspace, reset);
}

void RunWork::forget(const WorkerRecord& record) { records_.erase(record.worker); }

std::optional<int> RunWork::remove_slot(int worker) {
  const auto record = records_.read(worker);
  if (!record || record->run != this_process()) return std::nullopt;
  Workspace workspace = open();
  tell_hooks(*record, records_.prompt_file(worker));
  const supervisor::EndsOnSignal ends;
  try {
    const Slot slot = workspace.slots().at(worker);
    if (slot.state != Slot::State::absent && is_with(slot, *record) &&
        !has_failed(workspace, *record))
      workspace.slots().remove(slot, setup_.settings.hooks);
  } catch (const Error& error) {
    workspace.warn({Severity::warning, "not_removed", error.what(), "", std::nullopt});
  }
  const auto signal = supervisor::EndsOnSignal::arrived();
  if (!signal) records_.erase(worker);
  return signal;
}

}  // namespace gitplan::commands
