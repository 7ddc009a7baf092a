#include "commands/wave/run_work.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/file_mode.hpp"
#include "base/text.hpp"
#include "commands/plan/update.hpp"
#include "commands/task/done.hpp"
#include "commands/task/prompt.hpp"
#include "commands/task/reset.hpp"
#include "commands/task/start.hpp"
#include "commands/wave/placeholders.hpp"
#include "git/lock.hpp"
#include "git/presence.hpp"
#include "git/process.hpp"
#include "lander/lander.hpp"
#include "lander/news.hpp"
#include "plan/ids.hpp"
#include "session/flow_trust.hpp"
#include "session/guard.hpp"
#include "session/next_tasks.hpp"
#include "session/select.hpp"
#include "session/slot_check.hpp"
#include "supervisor/own_program.hpp"
#include "supervisor/time_limit.hpp"

namespace gitplan::commands {
namespace {

using supervisor::Landing;
using supervisor::ProcessSpec;
using supervisor::WorkerRecord;

constexpr Seconds logs_are_kept = 30 * 24 * 3600;

std::string plural_tasks(const std::vector<std::string>& ids) {
  return (ids.size() == 1 ? "task " : "tasks ") + text::join(ids, ", ");
}

/// Of what its task was red on, enough to see it and to mend it.
std::string sent_back_note(const WorkerRecord& record) {
  const supervisor::SentBack& red = *record.sent_back;
  std::string note = fmt::format(
      "\n**Attempt {}:** your work was merged with the flow branch{}, and there this {}:\n\n"
      "    {}\n\n",
      record.attempt, red.with.empty() ? "" : " and " + plural_tasks(red.with),
      red.timed_out ? "took too long" : fmt::format("ended with exit status {}", red.exit_status),
      text::printable(red.command));
  if (!red.last_lines.empty()) note += "Its last lines:\n\n";
  for (const std::string& line : red.last_lines)
    note += fmt::format("    {}\n", text::printable(line));
  note += "\n";
  if (!red.ref.empty())
    note += fmt::format(
        "That merge is `{0}`: to see it here, run `git diff HEAD {0}`; to "
        "have it in your branch, `git merge {0}`.\n",
        red.ref);
  return note + "Your work stands on its branch; mend it there.\n";
}

/// What a worker is told besides its task when it is not its first attempt.
std::string attempt_note(const WorkerRecord& record) {
  if (!record.conflicts.empty()) {
    std::string note =
        "\n**Merge conflict:** the flow branch was merged into your branch in this worktree, and "
        "these\nfiles conflict. Resolve them, keep both intentions, and commit the merge:\n";
    for (const auto& path : record.conflicts) note += fmt::format("- {}\n", text::printable(path));
    return note;
  }
  if (record.attempt <= 1) return "";
  if (record.sent_back) return sent_back_note(record);
  return fmt::format(
      "\n**Attempt {}:** the one before it did not succeed: {}\nIts work stands in this worktree; "
      "its output is in {}\n",
      record.attempt, text::printable(record.reason), record.log);
}

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
  facts.timed_out = record.ending == WorkerRecord::Ending::timed_out;
  facts.reason = reason;
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

/// A branch that is there already has the name that somebody gave it. Before anything is made for
/// the task.
void refuse_names(const WorkerCommand& command, const std::string& task, const TaskBranch* branch) {
  if (branch != nullptr) fill_placeholders(command.arguments, {task, branch->name, "/", "1", "/"});
}

}  // namespace

RunWork::RunWork(RunSetup setup) : setup_(std::move(setup)), records_("") {
  Workspace workspace(setup_.settings, setup_.notices);
  workspace.begin_write();
  base_folder_ = workspace.repository().base_folder();
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
  was_cut_short_ = std::ranges::any_of(
      records_.all(), [](const auto& one) { return one.phase != WorkerRecord::Phase::idle; });
}

std::string RunWork::log_file(const WorkerRecord& record) const {
  return supervisor::log_path(logs_folder_, record.session, record.task, record.attempt);
}

/// An idle slot that nobody has given to something else.
std::optional<int> RunWork::idle_slot(const Workspace& workspace, const std::set<int>& idle) const {
  const auto found =
      std::ranges::find_if(idle, [&](int worker) { return is_idle(workspace, worker); });
  return found == idle.end() ? std::nullopt : std::optional(*found);
}

bool RunWork::is_idle(const Workspace& workspace, int worker) const {
  const auto record = records_.read(worker);
  return record && record->phase == WorkerRecord::Phase::idle && record->run == this_process() &&
         is_with(workspace.slots().at(worker), *record);
}

/// The lowest where nothing stands, and whose worker was not given a task: it may have removed its
/// worktree itself.
int RunWork::free_slot_number(const Workspace& workspace) const {
  std::set<int> taken;
  for (const Slot& slot : workspace.slots().list()) taken.insert(slot.number);
  for (const WorkerRecord& record : records_.all()) {
    if (record.phase != WorkerRecord::Phase::idle) taken.insert(record.worker);
  }
  int number = 1;
  while (taken.contains(number)) ++number;
  return number;
}

std::optional<WorkerRecord> RunWork::claim_next(const supervisor::Claimable& claimable) {
  Workspace workspace = open();
  workspace.begin_write();
  const auto turn = workspace.slots().lock();
  const auto view = select_plan(workspace, Access::write);
  for (const TaskIndex index : next_tasks(workspace, *view, setup_.overlapping).tasks) {
    const std::string& id = view->task(index).id;
    if (claimable.but.contains(id) || (claimable.only && !claimable.only->contains(id))) continue;
    std::optional<int> worker;
    if (view->half_made_slot(index) == nullptr) {
      worker = idle_slot(workspace, claimable.idle);
      if (!worker) worker = free_slot_number(workspace);
    }
    WorkerRecord record;
    record.session = view->session();
    record.task = id;
    record.started = record.attempt_started = now();
    record.run = this_process();
    try {
      refuse_names(setup_.command, id, view->task_branch(index));
      const ReservedTask reserved = reserve_task(workspace, *view, index, worker);
      record.worker = reserved.slot.number;
      record.branch = reserved.slot.claim->branch;
      if (reserved.made) record.made_branch_at = reserved.made->commit.hex();
      records_.write(record);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::wrong_state) throw;
      record.phase = WorkerRecord::Phase::ended;
      record.ending = WorkerRecord::Ending::not_prepared;
      record.reason = error.what();
    }
    return record;
  }
  return std::nullopt;
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
  record.attempt_started = now();
  record.ended = 0;
  records_.start_afresh(record.worker);
  records_.write(record);
  write_file_atomically(records_.prompt_file(record.worker),
                        prompt(workspace, view, static_cast<TaskIndex>(*index), record.branch,
                               workspace.slots().at(record.worker), Worker::of_run) +
                            note,
                        private_file_mode());
  std::vector<std::string> words{"run-worker", "--plan=" + record.session,
                                 fmt::format("--worker={}", record.worker)};
  if (setup_.timeout) words.push_back(timeout_word(*setup_.timeout));
  if (setup_.settings.hooks == Hooks::skip) words.emplace_back("--no-hooks");
  if (setup_.command.shell) {
    words.insert(words.end(), {"-x", *setup_.command.shell});
  } else {
    words.emplace_back("--");
    words.insert(words.end(), setup_.command.arguments.begin(), setup_.command.arguments.end());
  }
  return own_process(std::move(words), record.log);
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
  auto adopted = care_->adopt();
  for (WorkerRecord& record : done_->adopt(setup_.verify)) adopted.push_back(std::move(record));
  return adopted;
}

bool RunWork::others_work() { return care_->others_work() || done_->others_wait(); }

void RunWork::offer(const WorkerRecord& record) { done_->offer(record, setup_.verify); }

ProcessSpec RunWork::lander_process() {
  if (setup_.verify && !flow_trusted_) {  // of a run that died: no worker was started here
    const Workspace workspace = open();
    trust_flow(workspace, PlanView(workspace, workspace.store().load(setup_.session)));
  }
  const std::string log = supervisor::log_path(logs_folder_, setup_.session, "landing", 1);
  std::vector<std::string> words{"run-land", "--plan=" + setup_.session};
  if (setup_.settings.hooks == Hooks::skip) words.emplace_back("--no-hooks");
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

std::optional<WorkerRecord> RunWork::claim_back(const WorkerRecord& record,
                                                const supervisor::Claimable& claimable) {
  Workspace workspace = open();
  workspace.begin_write();
  const auto turn = workspace.slots().lock();
  const PlanView view(workspace, workspace.store().load(setup_.session));
  WorkerRecord claimed = record;
  std::optional<ReservedTask> reserved;
  try {
    const TaskIndex task = require_task(view, record.task);
    const Slot* own = view.slot(task);
    if (own == nullptr || !is_idle(workspace, own->number)) {
      refuse_held(view, task);
      auto worker = idle_slot(workspace, claimable.idle);
      if (!worker) worker = free_slot_number(workspace);
      own = &reserved.emplace(reserve_task(workspace, view, task, worker)).slot;
    }
    claimed.worker = own->number;
    claimed.branch = own->claim->branch;
    claimed.made_branch_at.clear();
    records_.write(claimed);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::wrong_state && error.kind() != ErrorKind::not_found) throw;
    claimed.phase = WorkerRecord::Phase::ended;
    claimed.ending = WorkerRecord::Ending::not_prepared;
    claimed.reason = error.what();
  }
  return claimed;
}

void RunWork::write(const WorkerRecord& record) { records_.write(record); }

bool RunWork::is_merged(const WorkerRecord& record) {
  const Workspace workspace = open();
  const PlanView view(workspace, workspace.store().load(record.session));
  const auto index = view.plan().find(record.task);
  return index && view.in_flow(static_cast<TaskIndex>(*index));
}

std::optional<std::string> RunWork::given_up(const WorkerRecord& record) {
  const Workspace workspace = open();
  const PlanView view(workspace, workspace.store().load(record.session));
  const auto index = view.plan().find(record.task);
  if (!index) return "it is in the plan no more";
  return gitplan::given_up(view, static_cast<TaskIndex>(*index));
}

void RunWork::ask_to_stop(const WorkerRecord& record) { records_.ask_to_stop(record.worker); }

void RunWork::record_merged() {
  Workspace workspace = open();
  workspace.begin_write();
  write_plan(workspace, setup_.session, "Record what was merged",
             [](const EditContext& context) { return context.current.plan; });
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

void RunWork::remove_slot(int worker) {
  const auto record = records_.read(worker);
  if (!record || record->run != this_process()) return;
  Workspace workspace = open();
  try {
    const Slot slot = workspace.slots().at(worker);
    if (slot.state != Slot::State::absent && is_with(slot, *record) &&
        !has_failed(workspace, *record))
      workspace.slots().remove(slot, setup_.settings.hooks);
  } catch (const Error& error) {
    workspace.warn({Severity::warning, "not_removed", error.what(), "", std::nullopt});
  }
  records_.erase(worker);
}

}  // namespace gitplan::commands
