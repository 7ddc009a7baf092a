#include "commands/wave/worker_process.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "commands/wave/placeholders.hpp"
#include "git/checkout.hpp"
#include "git/config.hpp"
#include "git/lock.hpp"
#include "git/presence.hpp"
#include "git/process.hpp"
#include "git/refs.hpp"
#include "git/worktrees.hpp"
#include "session/flow.hpp"
#include "session/select.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"
#include "supervisor/mind.hpp"
#include "supervisor/time_limit.hpp"
#include "supervisor/uv_runner.hpp"

namespace gitplan::commands {
namespace {

using supervisor::ProcessSpec;
using supervisor::WorkerRecord;

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

/// The attempts before this one leave it room.
void shorten_earlier_logs(const Workspace& workspace, const WorkerRecord& record) {
  const auto most = log_limit(workspace).of_earlier(record.attempt);
  const std::string folder = logs_folder(workspace.repository());
  for (int attempt = 1; attempt < record.attempt; ++attempt)
    supervisor::limit_log(supervisor::log_path(folder, record.session, record.task, attempt), most);
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
  const auto outcome = git::run_git(git::git_as_user(
      {folder.path(), slot.admin_folder},
      {"-c", "i18n.commitEncoding=UTF-8", "merge", "--no-ff", "--no-edit", "--quiet", "-m",
       fmt::format("Merge {} into {}", flow, record.branch), "refs/heads/" + flow}));
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

/// A hundred ports for each worker.
int port_of(const Workspace& workspace, int worker) {
  constexpr std::int64_t usual = 20000;
  constexpr int for_each = 100;
  return static_cast<int>(workspace.config().integer("wave.portBase").value_or(usual)) +
         for_each * worker;
}

Environment environment_of(const Workspace& workspace, const WorkerRecord& record,
                           const Slot& slot) {
  const auto records = worker_records(workspace);
  Environment environment = hook_environment(slot);
  environment.emplace_back("GIT_TASK_ATTEMPT", std::to_string(record.attempt));
  environment.emplace_back("GIT_TASK_PROMPT_FILE", records.prompt_file(record.worker));
  environment.emplace_back("GIT_TASK_RETRY_FILE", records.retry_file(record.worker));
  environment.emplace_back("GIT_TASK_USAGE_FILE", records.usage_file(record.worker));
  environment.emplace_back("GIT_WAVE_PORT", std::to_string(port_of(workspace, record.worker)));
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

struct Prepared {
  Slot slot;
  std::vector<std::string> words;  ///< the command
};

/// Nothing where no command is to run: how the attempt ended is in the record then.
std::optional<Prepared> prepare(Workspace& workspace, const WorkerProcessRequest& request,
                                const WorkerRecord& record) {
  using Ending = WorkerRecord::Ending;
  const auto records = worker_records(workspace);
  const supervisor::TimeLimit limit(request.timeout);
  Prepared prepared;
  try {
    workspace.begin_write();
    shorten_earlier_logs(workspace, record);
    prepared.words = words_of(request.command, record, workspace.slots().at(record.worker),
                              records.prompt_file(record.worker));
    prepared.slot = prepare_slot(workspace, record);
    if (limit.is_over()) throw Error(ErrorKind::timed_out, "a hook was ended");
    if (record.conflicts.empty() ||
        merge_flow(workspace, prepared.slot, record) == FlowMerge::conflicts)
      return prepared;
    // Flow has moved since: nothing to resolve.
    end_without_command(records, record.worker, Ending::exited, "");
  } catch (const Error& error) {
    if (limit.is_over()) {
      end_without_command(records, record.worker, Ending::timed_out,
                          fmt::format("timed out after {} s", request.timeout->count()));
    } else {
      take_back_branch(workspace, record);
      end_without_command(records, record.worker, Ending::not_prepared, error.what());
    }
  }
  return std::nullopt;
}

/// What preparing the slot has left of it; a command that is to run has a second at least.
std::optional<std::chrono::seconds> time_left(std::optional<std::chrono::seconds> timeout,
                                              std::chrono::steady_clock::time_point begin) {
  if (!timeout) return std::nullopt;
  const auto taken =
      std::chrono::floor<std::chrono::seconds>(std::chrono::steady_clock::now() - begin);
  return std::max(*timeout - taken, std::chrono::seconds(1));
}

supervisor::MindRequest mind_request(const Workspace& workspace, const WorkerRecord& record,
                                     const Prepared& prepared) {
  const Slot& slot = prepared.slot;
  const std::string prompt_file = worker_records(workspace).prompt_file(record.worker);
  const Environment environment = environment_of(workspace, record, slot);
  supervisor::MindRequest mind;
  mind.record = record;
  mind.most_log = log_limit(workspace).of_attempt(record.attempt);
  mind.command.arguments =
      with_kept_status(prepared.words, slot, worker_records(workspace).status_file(record.worker));
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
  mind.is_worktree = [&workspace](const std::string& folder) {
    const auto all = git::linked_worktrees(workspace.repository().common_dir());
    return std::ranges::find(all, folder, &git::Worktree::path) != all.end();
  };
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

}  // namespace

supervisor::WorkerRecords worker_records(const Workspace& workspace) {
  return supervisor::WorkerRecords(join_path(git::state_folder(workspace.repository()), "workers"));
}

std::string logs_folder(const git::Repository& repository) {
  return join_path(git::state_folder(repository), "logs");
}

void delete_old_logs(const Workspace& workspace, Seconds since) {
  std::set<std::string> in_use;
  for (auto& record : worker_records(workspace).all()) in_use.insert(std::move(record.log));
  supervisor::delete_old_logs(logs_folder(workspace.repository()), since, in_use);
}

supervisor::LogLimit log_limit(const Workspace& workspace) {
  constexpr std::int64_t usual = 100 << 20;
  const std::int64_t most = workspace.config().integer("wave.maxLog").value_or(usual);
  if (most >= 0) return {most};
  throw Error(ErrorKind::fatal, fmt::format("'wave.maxLog' is {}: less than nothing", most),
              Hint{"to set it, run: git config wave.maxLog 100m"});
}

void tell_hooks(const supervisor::WorkerRecord& record, const std::string& prompt_file) {
  ::setenv("GIT_TASK_ATTEMPT", std::to_string(record.attempt).c_str(), 1);
  ::setenv("GIT_TASK_PROMPT_FILE", prompt_file.c_str(), 1);
}

supervisor::WorkerRecord require_record(const Workspace& workspace, int worker) {
  auto record = worker_records(workspace).read(worker);
  if (record) return std::move(*record);
  throw Error(ErrorKind::not_found, fmt::format("worker {} was given no task by a run", worker),
              Hint{"to see all workers, run: git wave status"});
}

void run_worker_process(Workspace& workspace, const WorkerProcessRequest& request) {
  const auto begin = std::chrono::steady_clock::now();
  require_record(workspace, request.worker);
  const WorkerRecord record = check_in(workspace, request.worker);
  tell_hooks(record, worker_records(workspace).prompt_file(record.worker));
  auto prepared = prepare(workspace, request, record);
  if (!prepared) return;
  const auto runner = supervisor::make_uv_runner();
  auto mind = mind_request(workspace, record, *prepared);
  mind.timeout = time_left(request.timeout, begin);
  mind.timeout_in_words = request.timeout;
  mind.stall = request.stall;
  mind.git_folder = prepared->slot.admin_folder;
  supervisor::mind(*runner, worker_records(workspace), std::move(mind));
}

}  // namespace gitplan::commands
