#include "session/task_merge.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/lock.hpp"
#include "git/merge.hpp"
#include "git/objects.hpp"
#include "git/process.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "session/branch_work.hpp"
#include "session/flow.hpp"
#include "session/flow_refusal.hpp"
#include "session/flow_walk.hpp"
#include "session/merge_message.hpp"
#include "session/merged_metadata.hpp"
#include "session/workspace.hpp"
#include "slots/include_files.hpp"
#include "store/ledger.hpp"
#include "store/ref_names.hpp"
#include "store/verified_trees.hpp"

namespace gitplan {
namespace {

std::uint32_t number_of(const PlanView& view, TaskIndex index) {
  return task_number(view.task(index).id).value_or(0);
}

/// It was set back to where it began, or behind that.
[[noreturn]] void refuse_without_work(const PlanView& view, const TaskBranch& branch) {
  throw Error(ErrorKind::wrong_state,
              fmt::format("branch '{}' has no commit of its own: '{}' has all of it",
                          text::printable(branch.name), text::printable(view.plan().flow_branch)),
              Hint{"to see where it was before, run: git reflog " + text::shell_quote(branch.name)})
      .with_code("no_commits");
}

/// Files where the workers' worktrees stand would be written into them.
void refuse_slots_as_files(const Workspace& workspace, const TaskBranch& branch,
                           const git::Oid& flow, const git::Oid& merge) {
  const git::Repository& repository = workspace.repository();
  const auto& folder = workspace.slots().place().in_main;
  if (!folder) return;
  const auto before = git::entry_at(repository, git::tree_of(repository, flow), *folder);
  const auto after = git::entry_at(repository, git::tree_of(repository, merge), *folder);
  if (!after || (before && before->oid == after->oid)) return;
  throw Error(ErrorKind::wrong_state,
              fmt::format("branch '{}' has files in '{}', where the workers' worktrees stand; "
                          "nothing was merged",
                          text::printable(branch.name), text::printable(*folder)),
              Hint{fmt::format("to see them, run: git ls-tree -r {} {}/",
                               text::shell_quote(branch.name), text::shell_quote(*folder))})
      .with_code("in_slots_folder");
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
  if (known != Departure::never_there || !was_merged) return known;
  if (branch.file.empty()) refuse_without_work(view, branch);
  return Departure::revert;
}

[[noreturn]] void refuse_reverted(const PlanView& view, TaskIndex index, const TaskBranch& branch) {
  throw Error(
      ErrorKind::wrong_state,
      fmt::format("branch '{}' was merged into '{}' before, and reverted there",
                  text::printable(branch.name), text::printable(view.plan().flow_branch)),
      Hint{fmt::format("to start the task over, run: git task reset {}", view.task(index).id)})
      .with_code("reverted");
}

/// What a worktree gets besides its checkout: the tests that passed there need it.
void add_included_files(const Workspace& workspace, const std::string& folder) {
  const Fd opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  copy_included_files(workspace.repository(), workspace.slots().place(), opened.get());
}

int run_verification(const Workspace& workspace, const git::Oid& commit,
                     const std::string& command_line) {
  int status = 0;
  git::with_checkout(workspace.repository(), commit, [&](const std::string& folder) {
    add_included_files(workspace, folder);
    git::Command command;
    command.arguments = {"sh", "-c", command_line};
    command.folder = folder;
    command.errors = git::Command::Errors::pass_through;
    command.output = git::Command::Output::to_stderr;
    status = git::run_program(command).exit_status;
  });
  return status;
}

/// The exit status: 0 at once for a tree on which it was that lately.
int verify(const Workspace& workspace, const git::Oid& commit, const std::string& command_line) {
  const git::Oid tree = git::tree_of(workspace.repository(), commit);
  if (verified_trees::has(workspace.repository(), tree, command_line)) {
    workspace.note(fmt::format("tree {} was verified by this command before", tree.abbreviated()));
    return 0;
  }
  const int status = run_verification(workspace, commit, command_line);
  if (status == 0) verified_trees::add(workspace.repository(), tree, command_line);
  return status;
}

/// The branch, as far as it goes by now: its worker may have committed since it was read.
TaskBranch reread(const git::Repository& repository, TaskBranch branch) {
  if (const auto tip = git::read_ref(repository, ref_names::branch_ref(branch.name)))
    branch.tip = *tip;
  return branch;
}

/// Flow has the task, and nothing came to its branch since. Throws where flow had it, and took it
/// back.
bool is_all_there(const Workspace& workspace, const PlanView& view, TaskIndex index,
                  const TaskBranch& branch, const git::Oid& flow) {
  bool was_merged =
      Ledger(workspace.repository(), view.session()).flow_at(flow).has(number_of(view, index));
  if (!was_merged) {
    const Departure departure = departure_of(workspace, view, index, branch, flow);
    if (departure == Departure::revert) refuse_reverted(view, index, branch);
    was_merged = departure == Departure::clean_up;
  }
  return was_merged && !has_later_work(workspace, view, index, flow, branch.tip);
}

/// Merged, verified and published; nothing where flow, or the branch, moved on meanwhile.
std::optional<TaskMerge> try_merge(Workspace& workspace, const PlanView& view, TaskIndex index,
                                   const TaskBranch& branch, const git::Oid& flow,
                                   const MergeRequest& request) {
  const git::Repository& repository = workspace.repository();
  const std::string message =
      merge_message(view.task(index), view.session(), request.body,
                    completed_by(request.facts, known_facts(workspace, view, index)));
  auto outcome = merge_with_metadata(workspace, view, index, branch, flow, message);
  if (auto* conflicts = std::get_if<git::Conflicts>(&outcome))
    return MergeConflicts{std::move(conflicts->paths)};
  const git::Oid merge = std::get<git::Merged>(outcome).commit;
  refuse_slots_as_files(workspace, branch, flow, merge);
  if (request.verify) {
    const int status = verify(workspace, merge, *request.verify);
    if (status != 0) return VerificationFailed{status};
  }
  if (reread(repository, branch).tip != branch.tip) return std::nullopt;
  const auto advanced =
      git::advance_branch(repository, ref_names::branch_ref(view.plan().flow_branch), flow, merge,
                          fmt::format("task done {}: merge", view.task(index).id));
  if (advanced.update == git::FlowUpdate::lost_race) return std::nullopt;
  if (advanced.update != git::FlowUpdate::moved) {
    refuse_advance(view.plan().flow_branch, advanced,
                   fmt::format("git task done {}", view.task(index).id));
  }
  git::heal_after_gc(repository);
  return MergedTask{merge};
}

[[noreturn]] void refuse_restless(const TaskBranch& branch) {
  throw Error(ErrorKind::lost_race,
              fmt::format("commits keep coming to '{}'", text::printable(branch.name)),
              Hint{fmt::format("to see them, run: git log {}", text::shell_quote(branch.name))});
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
  std::optional<git::NamedLock> turn;
  TaskMerge result = AlreadyMerged{};
  // A verification may take minutes: others may publish meanwhile, a few times at most.
  constexpr int patient_tries = 3;
  constexpr int most_tries = 100;
  for (int attempt = 0; attempt < most_tries; ++attempt) {
    if (!turn && (!request.verify || attempt >= patient_tries))
      turn.emplace(repository, "flow", std::chrono::minutes(10));
    const git::Oid flow = require_flow(workspace, view.plan().flow_branch);
    const TaskBranch latest = reread(repository, branch);
    if (is_all_there(workspace, view, index, latest, flow)) return result;
    auto outcome = try_merge(workspace, view, index, latest, flow, request);
    if (!outcome) continue;
    const bool merged = std::holds_alternative<MergedTask>(*outcome);
    if (!merged || reread(repository, latest).tip == latest.tip) return *std::move(outcome);
    result = *std::move(outcome);
  }
  refuse_restless(branch);
}

}  // namespace gitplan
