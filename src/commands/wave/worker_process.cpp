#include "commands/wave/worker_process.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "commands/task/done.hpp"
#include "commands/wave/placeholders.hpp"
#include "git/lock.hpp"
#include "git/presence.hpp"
#include "git/process.hpp"
#include "git/refs.hpp"
#include "session/flow.hpp"
#include "session/select.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"
#include "supervisor/mind.hpp"
#include "supervisor/uv_runner.hpp"
#include "supervisor/worker_log.hpp"

namespace gitplan::commands {
namespace {

using supervisor::ProcessSpec;
using supervisor::WorkerRecord;

WorkerRecord require_record(const Workspace& workspace, int worker) {
  auto record = worker_records(workspace).read(worker);
  if (record) return std::move(*record);
  throw Error(ErrorKind::not_found, fmt::format("worker {} was given no task by a run", worker),
              Hint{"to see all workers, run: git wave status"});
}

/// From here on this process looks after the worker. Only for the run that started it: where that
/// was killed, another may have taken the worker over by now.
WorkerRecord check_in(const Workspace& workspace, int worker) {
  const auto records = worker_records(workspace);
  auto record = records.update(worker, [&](WorkerRecord& kept) {
    if (kept.phase != WorkerRecord::Phase::assigned || kept.run.pid != ::getppid()) return false;
    kept.mind = git::announced_process(workspace.repository());
    kept.command = {};
    kept.phase = WorkerRecord::Phase::working;
    return true;
  });
  if (record) return std::move(*record);
  throw Error(ErrorKind::wrong_state,
              fmt::format("worker {} waits for no process of this one's parent", worker),
              Hint{"to see all workers, run: git wave status"});
}

bool is_for(const Slot& slot, const WorkerRecord& record) {
  return slot.claim && slot.claim->session == record.session && slot.claim->task == record.task;
}

/// Broken or gone, it is made again; but not over what somebody put there meanwhile.
void refuse_given_away(const Slot& slot, const WorkerRecord& record) {
  const bool may_be_made_again = slot.state == Slot::State::absent ||
                                 slot.state == Slot::State::folder_gone ||
                                 slot.state == Slot::State::displaced;
  if (may_be_made_again || is_for(slot, record)) return;
  throw Error(ErrorKind::wrong_state,
              fmt::format("'{}' was given to something else meanwhile", slot.path),
              Hint{"to see all workers, run: git wave status"});
}

/// The slot with the task's files in it: made by the run without them, or left half made, or gone.
Slot prepare_slot(Workspace& workspace, const WorkerRecord& record) {
  const Slots& slots = workspace.slots();
  Slot slot;
  {
    const auto turn = slots.lock();
    slot = slots.at(record.worker);
    const bool ours = is_for(slot, record) && slot.is_worktree();
    if (ours && slot.claim->phase == Claim::Phase::ready) return slot;
    if (ours && slot.claim->owner == record.run) {
      slot.claim->owner = git::announced_process(workspace.repository());
      write_claim(slot.admin_folder, *slot.claim);
    } else {
      refuse_given_away(slot, record);
      Claim claim;
      claim.session = record.session;
      claim.task = record.task;
      claim.branch = record.branch;
      claim.since = now();
      slot = slots.reserve(record.worker, std::move(claim));
    }
  }
  slots.fill(slot, workspace.settings().hooks);
  return slots.at(record.worker);
}

/// A slot that could not be filled leaves the task as unstarted as it was.
void take_back_branch(const Workspace& workspace, const WorkerRecord& record) {
  const auto made = git::Oid::parse(record.made_branch_at);
  if (made) git::delete_ref(workspace.repository(), ref_names::branch_ref(record.branch), *made);
}

enum class FlowMerge { conflicts, clean };

/// Merges flow into the task's branch in its worktree; conflicts stay there for the worker.
FlowMerge merge_flow(Workspace& workspace, const Slot& slot, const WorkerRecord& record) {
  const std::string flow = select_plan(workspace, Access::read)->plan().flow_branch;
  const SlotFolder folder(workspace.slots().place(), slot);
  const auto outcome =
      folder.git({"merge", "--no-ff", "--no-edit", "--quiet", "-m",
                  fmt::format("Merge {} into {}", flow, record.branch), "refs/heads/" + flow});
  return outcome.ok() ? FlowMerge::clean : FlowMerge::conflicts;
}

/// Keeps the exit status in a file, so that it is known even if the process that looks after the
/// command is killed while it works. It ends as the command does, whoever is sent a signal.
constexpr const char* keep_status =
    "file=$1; shift; trap : HUP INT QUIT TERM; \"$@\"; status=$?; echo $status >\"$file\"; "
    "exit $status";

bool can_be_started(const std::string& program, const Slot& slot) {
  const auto is_program = [&](std::string_view folder) {
    const std::filesystem::path path = std::filesystem::path(slot.absolute_path) / folder / program;
    return ::access(path.c_str(), X_OK) == 0;
  };
  if (program.find('/') != std::string::npos) return is_program("");
  const char* path = std::getenv("PATH");
  const auto folders = text::split(path == nullptr ? "" : path, ':');
  return std::any_of(folders.begin(), folders.end(), is_program);
}

std::vector<std::string> words_of(const WorkerCommand& command, const WorkerRecord& record,
                                  const Slot& slot, const std::string& prompt_file) {
  if (command.shell) return {"/bin/sh", "-c", *command.shell};
  return fill_placeholders(command.arguments, {record.task, record.branch, slot.absolute_path,
                                               std::to_string(record.worker), prompt_file});
}

/// A program that is not there is named by whoever tries to start it.
std::vector<std::string> with_kept_status(std::vector<std::string> words, const Slot& slot,
                                          const std::string& status_file) {
  if (!can_be_started(words.front(), slot)) return words;
  words.insert(words.begin(), {"/bin/sh", "-c", keep_status, "sh", status_file});
  return words;
}

Environment environment_of(const WorkerRecord& record, const Slot& slot,
                           const std::string& prompt_file) {
  Environment environment = hook_environment(slot);
  environment.emplace_back("GIT_TASK_ATTEMPT", std::to_string(record.attempt));
  environment.emplace_back("GIT_TASK_PROMPT_FILE", prompt_file);
  return environment;
}

ProcessSpec hook_spec(git::Command command, Environment environment, const std::string& log) {
  ProcessSpec spec;
  spec.arguments = {git::git_program()};
  spec.arguments.insert(spec.arguments.end(), command.arguments.begin(), command.arguments.end());
  spec.environment = git::child_environment(environment);
  spec.folder = command.folder;
  spec.log_file = log;
  return spec;
}

void end_without_command(const supervisor::WorkerRecords& records, int worker,
                         WorkerRecord::Ending ending, const std::string& reason) {
  records.update(worker, [&](WorkerRecord& kept) {
    if (kept.mind != this_process()) return false;
    kept.phase = WorkerRecord::Phase::ended;
    kept.ending = ending;
    kept.exit_status = 0;
    kept.reason = reason;
    kept.ended = now();
    return true;
  });
}

supervisor::MindRequest mind_request(const Workspace& workspace,
                                     const WorkerProcessRequest& request,
                                     const WorkerRecord& record, const Slot& slot,
                                     std::vector<std::string> words) {
  const std::string prompt_file = worker_records(workspace).prompt_file(record.worker);
  const Environment environment = environment_of(record, slot, prompt_file);
  supervisor::MindRequest mind;
  mind.record = record;
  mind.timeout = request.timeout;
  mind.command.arguments = with_kept_status(std::move(words), slot,
                                            worker_records(workspace).status_file(record.worker));
  mind.command.environment = git::child_environment(environment);
  mind.command.folder = slot.absolute_path;
  mind.command.input_file = prompt_file;
  mind.command.log_file = record.log;
  const bool hooks = workspace.settings().hooks == Hooks::run;
  const auto hook = [&workspace, slot, hooks](std::string_view name) {
    return hooks ? hook_command(workspace.repository(), workspace.config(), name, slot)
                 : std::nullopt;
  };
  if (auto before = hook("wave-pre-run"))
    mind.before = hook_spec(std::move(*before), environment, record.log);
  mind.after = [hook, environment, slot,
                log = record.log](int status) -> std::optional<ProcessSpec> {
    auto command = hook("wave-post-run");
    if (!command || !exists(slot.absolute_path)) return std::nullopt;
    Environment more = environment;
    more.emplace_back("GIT_WAVE_EXIT_STATUS", std::to_string(status));
    return hook_spec(std::move(*command), std::move(more), log);
  };
  return mind;
}

RunFacts facts_of(const WorkerRecord& record) {
  RunFacts facts;
  facts.task = record.task;
  facts.outcome = RunFacts::Outcome::done;
  facts.worker = record.worker;
  facts.attempts = record.attempt;
  facts.started_at = rfc3339(record.started);
  facts.finished_at = rfc3339(record.ended);
  facts.exit_status = record.exit_status;
  return facts;
}

Json landing(std::string_view outcome, std::string_view reason) {
  return Json{{"outcome", outcome}, {"reason", reason}};
}

Json landing_of(const DoneResult& result, const WorkerRecord& record) {
  using Outcome = DoneResult::Outcome;
  switch (result.outcome) {
    case Outcome::merged: {
      Json json = landing("merged", "");
      json["commit"] = result.merge_commit->hex();
      return json;
    }
    case Outcome::already_merged:
      return landing("already_merged", "merged by its worker");
    case Outcome::conflicts: {
      std::vector<std::string> names;
      for (const auto& path : result.conflicts) names.push_back(text::printable(path));
      Json json = landing("conflicts", fmt::format("conflicts with {} in {}", result.flow_branch,
                                                   text::join(names, ", ")));
      json["conflicts"] = result.conflicts;
      return json;
    }
    case Outcome::verification_failed:
      break;
  }
  const auto said = supervisor::last_line(record.log);
  return landing(
      "verification_failed",
      fmt::format("its verification failed with exit status {}{}{}", result.verify_status,
                  said.empty() ? "" : ": ", text::printable(said)));
}

}  // namespace

supervisor::WorkerRecords worker_records(const Workspace& workspace) {
  return supervisor::WorkerRecords(join_path(git::state_folder(workspace.repository()), "workers"));
}

void run_worker_process(Workspace& workspace, const WorkerProcessRequest& request) {
  const auto records = worker_records(workspace);
  WorkerRecord record = require_record(workspace, request.worker);
  record = check_in(workspace, request.worker);
  Slot slot;
  std::vector<std::string> words;
  try {
    workspace.begin_write();
    words = words_of(request.command, record, workspace.slots().at(record.worker),
                     records.prompt_file(record.worker));
    slot = prepare_slot(workspace, record);
    if (!record.conflicts.empty() && merge_flow(workspace, slot, record) == FlowMerge::clean)
      return end_without_command(records, record.worker, WorkerRecord::Ending::exited,
                                 "");  // flow has moved since: nothing to resolve
  } catch (const Error& error) {
    take_back_branch(workspace, record);
    return end_without_command(records, record.worker, WorkerRecord::Ending::not_prepared,
                               error.what());
  }
  const auto runner = supervisor::make_uv_runner();
  supervisor::mind(*runner, records,
                   mind_request(workspace, request, record, slot, std::move(words)));
}

Json land(Workspace& workspace, const LandRequest& request) {
  const WorkerRecord record = require_record(workspace, request.worker);
  DoneRequest done;
  done.task = record.task;
  done.verify = request.verify;
  done.facts = facts_of(record);
  done.recording = Recording::later;
  done.given_up = GivenUp::refuse;
  try {
    return landing_of(finish_task(workspace, done), record);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::lost_race) return landing("again", error.what());
    if (error.code() == "given_up") return landing("given_up", error.what());
    // Where flow is checked out, something of the user's is in the way: not the worker's fault.
    if (error.code() == "blocked" || error.kind() == ErrorKind::fatal)
      return landing("refused", error.what());
    return landing("left_work",
                   error.code() == "dirty" ? "it left uncommitted changes" : error.what());
  }
}

}  // namespace gitplan::commands
