#include "session/ready_branch.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/branch_word.hpp"
#include "git/objects.hpp"
#include "session/branch_work.hpp"
#include "session/guard.hpp"
#include "session/slot_check.hpp"
#include "session/task_merge.hpp"
#include "session/workspace.hpp"

namespace gitplan {
namespace {

[[noreturn]] void refuse_without_branch(const PlanView& view, TaskIndex index) {
  const Task& task = view.task(index);
  if (view.status(index) == Status::completed) {
    throw Error(ErrorKind::wrong_state,
                fmt::format("task '{}' is recorded completed, but neither '{}' nor a branch has it",
                            task.id, view.plan().flow_branch),
                Hint{fmt::format("to start it over, run: git task reset {}", task.id)});
  }
  const Status status = view.status(index);
  const bool is_over = status == Status::failed || status == Status::cancelled;
  throw Error(ErrorKind::wrong_state, fmt::format("task '{}' has no branch to merge", task.id),
              Hint{is_over ? fmt::format("to start it over, run: git task reset {}", task.id)
                           : fmt::format("to start it, run: git task start {}", task.id)});
}

/// Its file is no longer there to be merged by: what came to its branch since is a commit like any.
void refuse_later_work(const Workspace& workspace, const PlanView& view, TaskIndex index) {
  const TaskBranch* branch = view.task_branch(index);
  if (branch == nullptr || is_all_merged(workspace, view, index)) return;
  throw Error(
      ErrorKind::wrong_state,
      fmt::format("task '{}' has commits on '{}' that '{}' lacks, and its plan was cleaned "
                  "up; nothing was merged",
                  view.task(index).id, text::printable(branch->name),
                  text::printable(view.plan().flow_branch)),
      Hint{fmt::format("to merge them, run: git plan merge {} --plan={}",
                       text::shell_quote(git::branch_word(workspace.repository(), branch->name)),
                       view.session())})
      .with_code("cleaned");
}

/// In flow with all that its branch and its slot have; of a plan that was cleaned up, its record
/// says so.
bool is_settled(const Workspace& workspace, const PlanView& view, TaskIndex index, MergedFor whom) {
  if (view.is_cleaned()) {
    if (view.status(index) != Status::completed) refuse_cleaned(view.plan());
    refuse_later_work(workspace, view, index);
    return true;
  }
  if (!view.in_flow(index) || !is_all_merged(workspace, view, index)) return false;
  // What its worker merged by itself is done for a run, whatever that did in its slot afterwards.
  const Slot* slot = whom == MergedFor::person ? view.slot(index) : nullptr;
  return slot == nullptr || !stray_work(workspace, view, index, *slot);
}

}  // namespace

std::optional<std::string> given_up(const PlanView& view, TaskIndex index) {
  const Status status = view.status(index);
  if (status == Status::completed || status == Status::in_progress) return std::nullopt;
  if (status == Status::pending && view.slot(index) != nullptr)
    return std::nullopt;  // without its branch, but a reset would have freed its slot
  if (status == Status::pending) return "it was reset meanwhile";
  const std::string reason = view.task(index).reason.value_or("");
  return fmt::format("recorded {}{}{}", to_string(status), reason.empty() ? "" : ": ", reason);
}

void refuse_empty_branch(const Workspace& workspace, const PlanView& view, TaskIndex index,
                         const TaskBranch& branch, const std::string& again) {
  const auto& flow = view.flow().commit;
  if (!flow || view.is_merged(index)) return;
  const bool is_in_flow = git::is_ancestor(workspace.repository(), branch.tip, *flow);
  if (is_in_flow ? had_own_work(workspace, view, index, branch.tip)
                 : has_own_work(workspace, view, index, *flow, branch.tip))
    return;
  const std::string& id = view.task(index).id;
  throw Error(ErrorKind::wrong_state,
              fmt::format("task '{}': branch '{}' has no commit of its own; nothing was merged", id,
                          text::printable(branch.name)),
              Hint{fmt::format("to merge it all the same, run: {} --allow-empty",
                               again.empty() ? "git task done " + id : again)})
      .with_code("no_commits");
}

ReadyBranch ready_branch(const Workspace& workspace, const PlanView& view, TaskIndex index,
                         MergedFor whom) {
  if (is_settled(workspace, view, index, whom)) {
    if (whom == MergedFor::person) refuse_dirty_slot(workspace, view, index);
    return AlreadyMerged{};
  }
  const auto branch = find_branch(workspace, view, index);
  if (!branch) refuse_lost_branch(workspace, view, index);
  const auto reason = whom == MergedFor::run ? given_up(view, index) : std::nullopt;
  if (reason) return GivenUpTask{*reason};
  if (!branch) refuse_without_branch(view, index);
  refuse_unready_slot(workspace, view, index, branch->name);
  return *branch;
}

}  // namespace gitplan
