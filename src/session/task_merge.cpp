#include "session/task_merge.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/branch_word.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "session/branch_work.hpp"
#include "session/flow.hpp"
#include "session/flow_walk.hpp"
#include "session/merge_message.hpp"
#include "session/merged_metadata.hpp"
#include "session/overtaken.hpp"
#include "session/shared_landing.hpp"
#include "session/workspace.hpp"
#include "store/ledger.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

std::uint32_t number_of(const PlanView& view, TaskIndex index) {
  return task_number(view.task(index).id).value_or(0);
}

/// It was set back to where it began, or behind that.
[[noreturn]] void refuse_without_work(const git::Repository& repository, const PlanView& view,
                                      const TaskBranch& branch) {
  throw Error(ErrorKind::wrong_state,
              fmt::format("branch '{}' has no commit of its own: '{}' has all of it",
                          text::printable(branch.name), text::printable(view.plan().flow_branch)),
              Hint{"to see where it was before, run: git reflog " +
                   text::shell_quote(git::branch_word(repository, branch.name))})
      .with_code("no_commits");
}

/// All of the branch, or what it had at some time.
bool came_before(const Workspace& workspace, const TaskBranch& branch, const std::string& path,
                 const git::Oid& flow) {
  return git::is_ancestor(workspace.repository(), branch.tip, flow) ||
         (!branch.file.empty() && came_in_part(workspace, path, flow, branch.tip));
}

/// What became of an earlier merge, a squash too, of a task whose file flow does not have (any
/// more).
Departure departure_of(const Workspace& workspace, const PlanView& view, TaskIndex index,
                       const TaskBranch& branch, const git::Oid& flow) {
  const git::Repository& repository = workspace.repository();
  const bool is_recorded = view.task(index).status == Status::completed;
  const auto file = is_recorded ? metadata_of(workspace, view, index, branch) : std::nullopt;
  const Departure known = file ? departure(repository, flow, file->path) : Departure::never_there;
  const std::string path =
      fmt::format("{}/{}/{}", ref_names::metadata_folder, view.session(), branch.file);
  if (known != Departure::never_there || !came_before(workspace, branch, path, flow)) return known;
  if (branch.file.empty()) refuse_without_work(repository, view, branch);
  // Or its commits came with another task's branch, and its file did not.
  return was_there(repository, flow, path) ? Departure::revert : Departure::never_there;
}

[[noreturn]] void refuse_reverted(const PlanView& view, TaskIndex index, const TaskBranch& branch) {
  throw Error(
      ErrorKind::wrong_state,
      fmt::format("branch '{}' was merged into '{}' before, and reverted there",
                  text::printable(branch.name), text::printable(view.plan().flow_branch)),
      Hint{fmt::format("to start the task over, run: git task reset {}", view.task(index).id)})
      .with_code("reverted");
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

/// All that it is given is to outlive what it returns, but for the index.
MergeInto into_flow(Workspace& workspace, const PlanView& view, TaskIndex index, TaskBranch& latest,
                    const MergeRequest& request) {
  const std::string& id = view.task(index).id;
  MergeInto into;
  into.branch = view.plan().flow_branch;
  into.merged = merged_thing(latest);
  into.verify = request.verify;
  into.reflog = fmt::format("task done {}: merge", id);
  into.again = request.again.empty() ? "git task done " + id : request.again;
  into.tip = [&] { return require_flow(workspace, view.plan().flow_branch); };
  into.make = [&, index](const git::Oid& flow) {
    return make_task_merge(workspace, view, index, latest, flow, request);
  };
  if (workspace.shared_remote() != nullptr) {
    into.publish = [&, overtaken = Overtaken()](const git::Oid& from, const git::Oid& to) mutable {
      const std::vector<LandingTask> tasks{{view.session(), id, latest.name, latest.tip}};
      if (publish_landing(workspace, view.plan().flow_branch, from, to, tasks) ==
          SharedLanding::landed)
        return true;
      overtaken.once_more(workspace.shared_remote()->remote());
      return false;
    };
  }
  into.is_current = [&] { return reread(workspace.repository(), latest).tip == latest.tip; };
  return into;
}

[[noreturn]] void refuse_restless(const git::Repository& repository, const TaskBranch& branch) {
  throw Error(ErrorKind::lost_race,
              fmt::format("commits keep coming to '{}'", text::printable(branch.name)),
              Hint{fmt::format("to see them, run: git log {}",
                               text::shell_quote(git::branch_word(repository, branch.name)))});
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

MergedThing merged_thing(const TaskBranch& branch) {
  return {fmt::format("branch '{}'", text::printable(branch.name)), branch.name};
}

Made make_task_merge(Workspace& workspace, const PlanView& view, TaskIndex index,
                     TaskBranch& latest, const git::Oid& onto, const MergeRequest& request) {
  latest = reread(workspace.repository(), latest);
  if (is_all_there(workspace, view, index, latest, onto)) return AlreadyMerged{};
  const std::string message =
      merge_message(view.task(index), view.session(), request.body,
                    completed_by(request.facts, known_facts(workspace, view, index)));
  auto outcome = merge_with_metadata(workspace, view, index, latest, onto, message);
  return std::visit([](auto& made) -> Made { return std::move(made); }, outcome);
}

TaskMerge merge_task(Workspace& workspace, const PlanView& view, TaskIndex index,
                     const TaskBranch& branch, const MergeRequest& request) {
  TaskBranch latest = branch;
  const MergeInto into = into_flow(workspace, view, index, latest, request);
  TaskMerge result = AlreadyMerged{};
  constexpr int most_tries = 100;
  for (int attempt = 0; attempt < most_tries; ++attempt) {
    auto outcome = merge_into(workspace, into);
    if (std::holds_alternative<AlreadyMerged>(outcome)) return result;
    const bool merged = std::holds_alternative<MergedTask>(outcome);
    if (!merged || into.is_current()) return outcome;
    result = std::move(outcome);
  }
  refuse_restless(workspace.repository(), branch);
}

}  // namespace gitplan
