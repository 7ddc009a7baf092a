#include "commands/run_work.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "commands/guard.hpp"
#include "commands/plan_update.hpp"
#include "commands/select.hpp"
#include "commands/task_prompt.hpp"
#include "commands/task_reset.hpp"
#include "commands/task_start.hpp"
#include "git/lock.hpp"
#include "git/process.hpp"
#include "plan/ids.hpp"
#include "supervisor/worker_log.hpp"

namespace gitplan::commands {
namespace {

using supervisor::Landing;
using supervisor::ProcessEnd;
using supervisor::ProcessSpec;
using supervisor::WorkerRecord;

std::string own_program() {
  std::error_code none;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", none);
  // Replaced by a newer one meanwhile: the link itself still leads to the one that runs.
  return none || !exists(path.string()) ? "/proc/self/exe" : path.string();
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
  return fmt::format(
      "\n**Attempt {}:** the one before it did not succeed: {}\nIts work stands in this worktree; "
      "its output is in {}\n",
      record.attempt, text::printable(record.reason), record.log);
}

Landing::Outcome outcome_named(std::string_view name) {
  using Outcome = Landing::Outcome;
  constexpr std::array<std::pair<std::string_view, Outcome>, 7> names = {
      {{"merged", Outcome::merged},
       {"already_merged", Outcome::already_merged},
       {"left_work", Outcome::left_work},
       {"conflicts", Outcome::conflicts},
       {"verification_failed", Outcome::verification_failed},
       {"again", Outcome::again},
       {"refused", Outcome::refused}}};
  for (const auto& [known, outcome] : names) {
    if (known == name) return outcome;
  }
  return Outcome::refused;
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

}  // namespace

RunWork::RunWork(RunSetup setup) : setup_(std::move(setup)), records_("") {
  Workspace workspace(setup_.settings, setup_.notices);
  workspace.begin_write();
  base_folder_ = workspace.repository().base_folder();
  state_folder_ = git::make_state_folder(workspace.repository());
  records_ = worker_records(workspace);
}

std::string RunWork::log_file(const WorkerRecord& record) const {
  return fmt::format("{}/logs/{}/{}-{}.log", state_folder_, record.session, record.task,
                     record.attempt);
}

/// False for a record whose task has gone elsewhere since. One whose task is merged is idle.
bool RunWork::still_stands(const Workspace& workspace, const PlanView& view,
                           WorkerRecord& record) const {
  const auto index = view.plan().find(record.task);
  if (!index) return false;
  const auto task = static_cast<TaskIndex>(*index);
  const Slot slot = workspace.slots().at(record.worker);
  const bool holds = slot.claim && slot.claim->session == record.session &&
                     same_task(slot.claim->task, record.task);
  if (view.in_flow(task)) {
    record.phase = WorkerRecord::Phase::idle;
    return holds;
  }
  if (!slot.is_absent() && !holds) return false;
  return view.status(task) == Status::in_progress || view.status(task) == Status::pending;
}

std::vector<WorkerRecord> RunWork::adopt() {
  std::vector<WorkerRecord> adopted;
  const auto orphans = [&] {
    auto all = records_.all();
    std::erase_if(all, [&](const WorkerRecord& one) {
      return one.session != setup_.session || is_alive(one.run);
    });
    return all;
  };
  if (orphans().empty()) return adopted;
  Workspace workspace = open();
  workspace.begin_write();
  const auto turn = workspace.slots().lock();
  const auto view = select_plan(workspace, Access::settle);
  for (WorkerRecord& record : orphans()) {
    if (!still_stands(workspace, *view, record)) {
      if (!is_alive(record.mind) && !is_alive(record.command)) records_.erase(record.worker);
      continue;
    }
    record.run = this_process();
    records_.write(record);
    adopted.push_back(std::move(record));
  }
  return adopted;
}

std::optional<WorkerRecord> RunWork::claim_next(const std::set<std::string>& but,
                                                const std::set<int>& idle) {
  Workspace workspace = open();
  workspace.begin_write();
  const auto turn = workspace.slots().lock();
  const auto view = select_plan(workspace, Access::settle);
  for (const TaskIndex index : view->next(workspace, setup_.overlapping).tasks) {
    if (but.contains(view->task(index).id)) continue;
    std::optional<int> worker;
    if (view->half_made_slot(index) == nullptr && !idle.empty()) worker = *idle.begin();
    const ReservedTask reserved = reserve_task(workspace, *view, index, worker);
    WorkerRecord record;
    record.worker = reserved.slot.number;
    record.session = view->session();
    record.task = view->task(index).id;
    record.branch = reserved.slot.claim->branch;
    if (reserved.made) record.made_branch_at = reserved.made->commit.hex();
    record.started = record.attempt_started = now();
    record.run = this_process();
    records_.write(record);
    return record;
  }
  return std::nullopt;
}

ProcessSpec RunWork::own_process(std::vector<std::string> words, const std::string& log) const {
  ProcessSpec spec;
  spec.arguments = {own_program()};
  spec.arguments.insert(spec.arguments.end(), words.begin(), words.end());
  spec.environment = git::child_environment({});
  spec.folder = base_folder_;
  spec.log_file = log;
  return spec;
}

ProcessSpec RunWork::worker_process(const WorkerRecord& given) {
  WorkerRecord record = given;
  const Workspace workspace = open();
  const PlanView view(workspace, workspace.store().load(record.session));
  const auto index = static_cast<TaskIndex>(view.plan().find(record.task).value());
  const std::string note = attempt_note(record);  // names the log of the attempt before
  record.log = log_file(record);
  record.phase = WorkerRecord::Phase::assigned;
  record.run = this_process();
  record.attempt_started = now();
  make_folders(record.log.substr(0, record.log.rfind('/')));
  records_.write(record);
  write_file_atomically(
      records_.prompt_file(record.worker),
      prompt(workspace, view, index, record.branch, workspace.slots().at(record.worker)) + note,
      0600);
  std::vector<std::string> words{"run-worker", "--plan=" + record.session,
                                 fmt::format("--worker={}", record.worker)};
  if (setup_.timeout) words.push_back(fmt::format("--timeout={}s", setup_.timeout->count()));
  if (setup_.settings.hooks == Hooks::skip) words.emplace_back("--no-hooks");
  if (setup_.command.shell) {
    words.insert(words.end(), {"-x", *setup_.command.shell});
  } else {
    words.emplace_back("--");
    words.insert(words.end(), setup_.command.arguments.begin(), setup_.command.arguments.end());
  }
  return own_process(std::move(words), record.log);
}

ProcessSpec RunWork::landing_process(const WorkerRecord& record) {
  std::vector<std::string> words{"run-land", "--plan=" + record.session,
                                 fmt::format("--worker={}", record.worker)};
  if (setup_.settings.hooks == Hooks::skip) words.emplace_back("--no-hooks");
  if (setup_.verify) words.push_back("--verify=" + *setup_.verify);
  ProcessSpec spec = own_process(std::move(words), record.log);
  spec.capture_output = true;
  return spec;
}

Landing RunWork::landed(const ProcessEnd& end) {
  Landing landing;
  const Json json = Json::parse(end.output, nullptr, false);
  if (end.exit_status != 0 || !json.is_object()) {
    landing.outcome = Landing::Outcome::refused;
    landing.reason = fmt::format("the merge ended with exit status {}", end.exit_status);
    return landing;
  }
  landing.outcome = outcome_named(json.value("outcome", ""));
  landing.reason = json.value("reason", "");
  landing.commit = json.value("commit", "");
  landing.conflicts = json.value("conflicts", std::vector<std::string>{});
  return landing;
}

WorkerRecord RunWork::reread(const WorkerRecord& record) {
  return records_.read(record.worker).value_or(record);
}

void RunWork::write(const WorkerRecord& record) { records_.write(record); }

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
  update_plan(workspace, setup_.session, update);
}

void RunWork::skip(const WorkerRecord& record) {
  Workspace workspace = open();
  reset_task(workspace, record.task,
             facts_of(record, RunFacts::Outcome::skipped, "exit status 125"));
}

void RunWork::forget(const WorkerRecord& record) { records_.erase(record.worker); }

void RunWork::remove_slot(int worker) {
  Workspace workspace = open();
  try {
    workspace.slots().remove(workspace.slots().at(worker), setup_.settings.hooks);
  } catch (const Error& error) {
    workspace.warn({Severity::warning, "not_removed", error.what(), "", std::nullopt});
  }
  records_.erase(worker);
}

bool RunWork::others_work() {
  return std::ranges::any_of(records_.all(), [&](const WorkerRecord& one) {
    return one.session == setup_.session && one.run != this_process() && is_alive(one.run) &&
           one.phase != WorkerRecord::Phase::idle;
  });
}

}  // namespace gitplan::commands
