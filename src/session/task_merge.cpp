#include "session/task_merge.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/lock.hpp"
#include "git/merge.hpp"
#include "git/objects.hpp"
#include "git/process.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "plan/toml.hpp"
#include "session/flow.hpp"
#include "session/flow_refusal.hpp"
#include "session/flow_walk.hpp"
#include "session/merge_message.hpp"
#include "session/workspace.hpp"
#include "store/ledger.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

std::uint32_t number_of(const PlanView& view, TaskIndex index) {
  return task_number(view.task(index).id).value_or(0);
}

/// Path and content of the task's metadata file, from the newest commit of the branch that has it.
struct MetadataFile {
  std::string path;
  git::Oid blob;
};
std::optional<MetadataFile> metadata_in(const Workspace& workspace, const PlanView& view,
                                        TaskIndex index, const git::Oid& commit) {
  Ledger ledger(workspace.repository(), view.session());
  const auto file = ledger.file_in(commit, number_of(view, index));
  if (!file) return std::nullopt;
  std::string path = fmt::format("{}/{}/{}", ref_names::metadata_folder, view.session(), *file);
  const auto entry =
      git::entry_at(workspace.repository(), git::tree_of(workspace.repository(), commit), path);
  return MetadataFile{std::move(path), entry->oid};
}

std::optional<MetadataFile> metadata_of(const Workspace& workspace, const PlanView& view,
                                        TaskIndex index, const TaskBranch& branch) {
  if (auto file = metadata_in(workspace, view, index, branch.tip)) return file;
  const auto& flow = view.flow().commit;
  if (!flow) return std::nullopt;
  for (const git::Oid& commit : git::commits_between(workspace.repository(), *flow, branch.tip)) {
    if (auto file = metadata_in(workspace, view, index, commit)) return file;
  }
  return std::nullopt;
}

/// A metadata file that was lost on the branch comes back with the merge: it is what says that the
/// task is done.
git::Oid with_metadata(const Workspace& workspace, const PlanView& view, TaskIndex index,
                       const TaskBranch& branch, const git::Oid& merge) {
  if (metadata_in(workspace, view, index, merge)) return merge;
  const git::Repository& repository = workspace.repository();
  auto file = metadata_of(workspace, view, index, branch);
  if (!file) {
    throw Error(
        ErrorKind::wrong_state,
        fmt::format("branch '{}' has no metadata file of task '{}'", text::printable(branch.name),
                    view.task(index).id),
        Hint{fmt::format("to start the task over, run: git task reset {}", view.task(index).id)});
  }
  const git::Commit made = git::read_commit(repository, merge);
  const git::Oid tree = git::tree_with_file(repository, made.tree, file->path, file->blob);
  return git::create_commit(repository, tree, made.parents, made.message);
}

/// What became of an earlier merge, a squash too, of a task whose file flow does not have (any
/// more).
Departure departure_of(const Workspace& workspace, const PlanView& view, TaskIndex index,
                       const TaskBranch& branch, const git::Oid& flow) {
  const git::Repository& repository = workspace.repository();
  const bool is_recorded = view.task(index).status == Status::completed;
  const auto file = is_recorded ? metadata_of(workspace, view, index, branch) : std::nullopt;
  const Departure known = file ? departure(repository, flow, file->path) : Departure::never_there;
  const bool was_merged = git::is_ancestor(repository, branch.tip, flow);
  return known == Departure::never_there && was_merged ? Departure::revert : known;
}

[[noreturn]] void refuse_reverted(const PlanView& view, TaskIndex index, const TaskBranch& branch) {
  throw Error(
      ErrorKind::wrong_state,
      fmt::format("branch '{}' was merged into '{}' before, and reverted there",
                  text::printable(branch.name), text::printable(view.plan().flow_branch)),
      Hint{fmt::format("to start the task over, run: git task reset {}", view.task(index).id)})
      .with_code("reverted");
}

int verify(const Workspace& workspace, const git::Oid& commit, const std::string& command_line) {
  int status = 0;
  git::with_checkout(workspace.repository(), commit, [&](const std::string& folder) {
    git::Command command;
    command.arguments = {"sh", "-c", command_line};
    command.folder = folder;
    command.errors = git::Command::Errors::pass_through;
    command.output = git::Command::Output::to_stderr;
    status = git::run_program(command).exit_status;
  });
  return status;
}

}  // namespace

std::optional<TaskBranch> find_branch(const Workspace& workspace, const PlanView& view,
                                      TaskIndex index) {
  if (const TaskBranch* known = view.task_branch(index)) return *known;
  const std::uint32_t number = number_of(view, index);
  for (const auto& ref :
       git::list_refs(workspace.repository(), std::string(ref_names::task_prefix))) {
    const auto name = ref_names::parse_task_branch(ref.name);
    if (!name || task_number(name->id) != number) continue;
    const TaskBranch candidate{ref_names::branch_name(ref.name), ref.target, ""};
    const auto named = session_naming(workspace.repository(), candidate.tip, candidate.name);
    if (named && *named != view.session()) continue;
    if (metadata_of(workspace, view, index, candidate)) return candidate;
  }
  return std::nullopt;
}

TaskMerge merge_task(Workspace& workspace, const PlanView& view, TaskIndex index,
                     const TaskBranch& branch, const MergeRequest& request) {
  const git::Repository& repository = workspace.repository();
  const std::string& flow_branch = view.plan().flow_branch;
  const std::string message =
      merge_message(view.task(index), view.session(), request.body,
                    completed_by(request.facts, known_facts(workspace, view, index)));
  std::optional<git::NamedLock> turn;
  // A verification may take minutes: others may publish meanwhile, a few times at most.
  constexpr int patient_tries = 3;
  for (int attempt = 0;; ++attempt) {
    if (!turn && (!request.verify || attempt >= patient_tries))
      turn.emplace(repository, "flow", std::chrono::minutes(10));
    const git::Oid flow = require_flow(workspace, flow_branch);
    {
      Ledger ledger(repository, view.session());
      if (ledger.flow_at(flow).has(number_of(view, index))) return AlreadyMerged{};
    }
    switch (departure_of(workspace, view, index, branch, flow)) {
      case Departure::never_there:
        break;
      case Departure::clean_up:
        return AlreadyMerged{};
      case Departure::revert:
        refuse_reverted(view, index, branch);
    }
    auto outcome = git::merge_commit(repository, flow, branch.tip, message);
    if (auto* conflicts = std::get_if<git::Conflicts>(&outcome))
      return MergeConflicts{std::move(conflicts->paths)};
    const git::Oid merge =
        with_metadata(workspace, view, index, branch, std::get<git::Merged>(outcome).commit);
    if (request.verify) {
      const int status = verify(workspace, merge, *request.verify);
      if (status != 0) return VerificationFailed{status};
    }
    const auto advanced =
        git::advance_branch(repository, ref_names::branch_ref(flow_branch), flow, merge,
                            fmt::format("task done {}: merge", view.task(index).id));
    if (advanced.update == git::FlowUpdate::moved) {
      git::heal_after_gc(repository);
      return MergedTask{merge};
    }
    if (advanced.update != git::FlowUpdate::lost_race)
      refuse_advance(flow_branch, advanced, fmt::format("git task done {}", view.task(index).id));
  }
}

}  // namespace gitplan
