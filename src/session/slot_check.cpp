#include "session/slot_check.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/branch_word.hpp"
#include "git/objects.hpp"
#include "git/process.hpp"
#include "git/refs.hpp"
#include "git/repository.hpp"
#include "git/under_way.hpp"
#include "git/worktrees.hpp"
#include "session/workspace.hpp"
#include "slots/damage.hpp"
#include "slots/slot_folder.hpp"
#include "slots/unseen_work.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

std::string git_in(const Slot& slot) {
  return fmt::format("git -C {}", text::shell_quote(slot.absolute_path));
}

std::optional<git::Oid> tip_of(const Workspace& workspace, const std::string& branch) {
  return git::read_ref(workspace.repository(), ref_names::branch_ref(branch));
}

void refuse_operation(const Slot& slot) {
  const auto operation = git::operation_under_way(slot.admin_folder);
  if (!operation) return;
  std::vector<Hint> hints;
  if (operation->finish != operation->give_up)
    hints.push_back(Hint{fmt::format("to go on, run: {} {}", git_in(slot), operation->finish)});
  hints.push_back(Hint{fmt::format("to give it up, run: {} {}", git_in(slot), operation->give_up)});
  throw Error(ErrorKind::wrong_state,
              {fmt::format("'{}' is in the middle of a {}; nothing was merged", slot.path,
                           operation->name)},
              std::move(hints))
      .with_code("under_way");
}

void refuse_detached(const Slot& slot, const std::string& branch) {
  if (!slot.branch.empty() || !slot.detached) return;
  throw Error(
      ErrorKind::wrong_state,
      fmt::format("'{}' is not on the task's branch '{}': its HEAD is detached; nothing was merged",
                  slot.path, text::printable(branch)),
      Hint{fmt::format("to bring the work over, run: {0} checkout {1} && {0} merge {2}",
                       git_in(slot), text::shell_quote(branch), slot.detached->abbreviated())})
      .with_code("other_branch");
}

/// A branch that does not exist yet has no commits to bring over; what stands in the worktree
/// stays.
Hint how_to_return(const Workspace& workspace, const Slot& slot, const std::string& branch) {
  if (tip_of(workspace, slot.branch)) {
    return Hint{
        fmt::format("to bring the work over, run: {0} checkout {1} && {0} merge {2}", git_in(slot),
                    text::shell_quote(branch),
                    text::shell_quote(git::branch_word(workspace.repository(), slot.branch)))};
  }
  return Hint{
      fmt::format("to go back to it with all that stands there, run: {} symbolic-ref HEAD {}",
                  git_in(slot), text::shell_quote(ref_names::branch_ref(branch)))};
}

void refuse_other_branch(const Workspace& workspace, const Slot& slot, const std::string& branch) {
  if (slot.branch.empty() || slot.branch == branch) return;
  throw Error(ErrorKind::wrong_state,
              fmt::format("'{}' has '{}' checked out, not the task's branch '{}'; nothing was "
                          "merged",
                          slot.path, text::printable(slot.branch), text::printable(branch)),
              how_to_return(workspace, slot, branch))
      .with_code("other_branch");
}

/// `git status` would not show them.
void refuse_files_in_submodules(const Workspace& workspace, const Slot& slot) {
  if (slot.number == 0) return;
  const auto files = files_in_submodules(SlotFolder(workspace.slots().place(), slot));
  if (files.empty()) return;
  const std::string path = join_path(slot.absolute_path, files.front());
  throw UncommittedChanges(Error(
      ErrorKind::wrong_state,
      fmt::format("'{}' has files in a submodule that is not populated: '{}'; nothing was "
                  "merged",
                  slot.path, text::printable(files.front())),
      Hint{fmt::format("to see them, run: ls -lA {}",
                       text::shell_quote(path.substr(0, path.rfind('/', path.size() - 2))))}));
}

[[noreturn]] void throw_dirty(const Slot& slot) {
  throw UncommittedChanges(
      Error(ErrorKind::wrong_state,
            fmt::format("'{}' has uncommitted changes; nothing was merged", slot.path),
            Hint{fmt::format("to see them, run: {} status", git_in(slot))}));
}

void refuse_dirty(const Workspace& workspace, const Slot& slot) {
  if (!workspace.slots().dirty(slot)) return;
  refuse_files_in_submodules(workspace, slot);
  throw_dirty(slot);
}

std::string head_in_words(const Slot& slot) {
  if (slot.branch.empty()) return "a detached HEAD";
  return fmt::format("'{}' checked out", text::printable(slot.branch));
}

/// From what is checked out instead, or from where it last was.
Hint how_to_remake(const Workspace& workspace, const Slot& slot) {
  const std::string branch = text::shell_quote(slot.claim->branch);
  if (slot.detached || tip_of(workspace, slot.branch))
    return Hint{fmt::format("to make it from that, run: {} checkout -b {}", git_in(slot), branch)};
  const auto last = last_head(slot.admin_folder);
  if (last && git::object_exists(workspace.repository(), *last)) {
    return Hint{fmt::format("to make it again where it was, run: {} branch {} {}", git_in(slot),
                            branch, last->abbreviated())};
  }
  return Hint{fmt::format("to start the task over, run: git task reset {}", slot.claim->task)};
}

void refuse_unready(const Workspace& workspace, const Slot& slot, const std::string& branch) {
  refuse_damaged(slot, IndexLook::whole);
  refuse_operation(slot);
  refuse_detached(slot, branch);
  refuse_other_branch(workspace, slot, branch);
  refuse_dirty(workspace, slot);
}

/// Left by a command that was killed, or emptied halfway: what stands in it may be work.
void refuse_half_made(const Workspace& workspace, const Slot& slot) {
  if (!workspace.slots().dirty(slot)) return;
  throw UncommittedChanges(
      Error(ErrorKind::wrong_state,
            fmt::format("'{}' was left half made by a command that was killed, and has "
                        "uncommitted changes; nothing was merged",
                        slot.path),
            Hint{fmt::format("to save them and put it up again, run: git task start {}/{}",
                             slot.claim->session, slot.claim->task)}));
}

/// Worktrees that have the task's branch checked out, or rebase it, and are not its slot.
std::vector<Slot> others_on(const Workspace& workspace, const PlanView& view, TaskIndex index,
                            const std::vector<git::Worktree>& worktrees,
                            const std::string& branch) {
  std::vector<Slot> others;
  const auto add = [&](const Slot& slot) {
    if (slot.is_worktree() && slot.branch == branch && view.task_of(slot) != index)
      others.push_back(slot);
  };
  for (const Slot& slot : view.slots()) add(slot);
  for (const Slot& slot : workspace.slots().elsewhere(worktrees)) {
    const bool is_its_slot = slot.claim && view.task_of(slot) == index;
    if (slot.branch == branch && !is_its_slot) others.push_back(slot);
  }
  return others;
}

/// There, what is untracked may be anybody's.
void refuse_main_worktree(const git::Worktree& main, const std::string& branch) {
  if (!main.is_main || main.path.empty() || main.branch != ref_names::branch_ref(branch)) return;
  Slot place;
  place.path = place.absolute_path = main.path;
  place.admin_folder = main.admin_folder;
  refuse_operation(place);
  git::Command status;
  status.folder = main.path;
  status.arguments = {"--no-optional-locks", "status", "--porcelain", "--untracked-files=no"};
  if (!git::run_git_checked(status).empty()) throw_dirty(place);
}

}  // namespace

void refuse_unready_slot(const Workspace& workspace, const PlanView& view, TaskIndex index,
                         const std::string& branch) {
  for (const Slot* slot : {view.slot(index), view.moved_slot(index)}) {
    if (slot != nullptr) refuse_unready(workspace, *slot, branch);
  }
  if (const Slot* slot = view.half_made_slot(index); slot != nullptr && slot->is_worktree())
    refuse_half_made(workspace, *slot);
  const auto worktrees = git::list_worktrees(workspace.repository());
  for (const Slot& slot : others_on(workspace, view, index, worktrees, branch)) {
    refuse_operation(slot);
    refuse_dirty(workspace, slot);
  }
  refuse_main_worktree(worktrees.front(), branch);
}

void refuse_dirty_slot(const Workspace& workspace, const PlanView& view, TaskIndex index) {
  if (const Slot* slot = view.slot(index)) refuse_dirty(workspace, *slot);
}

Error held_elsewhere(const std::string& task, const Slot& slot) {
  return Error(ErrorKind::wrong_state,
               fmt::format("task '{}' is being worked on in '{}', a worker that was moved there",
                           task, text::printable(slot.path)),
               Hint{fmt::format("to see what it does, run: {} status", git_in(slot))})
      .with_code("held");
}

void refuse_moved_slot(const PlanView& view, TaskIndex index) {
  if (const Slot* slot = view.moved_slot(index)) throw held_elsewhere(view.task(index).id, *slot);
}

void refuse_held(const PlanView& view, TaskIndex index) {
  refuse_moved_slot(view, index);
  const Slot* slot = view.slot(index);
  if (slot == nullptr) return;
  if (slot->state == Slot::State::moved) refuse_moved(*slot);
  refuse_damaged(*slot, IndexLook::whole);
  throw Error(ErrorKind::wrong_state,
              fmt::format("task '{}' is with worker {} already, in '{}'", view.task(index).id,
                          slot->number, slot->path),
              Hint{fmt::format("to see what it is told to do, run: git task prompt {}",
                               view.task(index).id)})
      .with_code("held");
}

void refuse_lost_branch(const Workspace& workspace, const PlanView& view, TaskIndex index) {
  const Slot* slot = view.slot(index) != nullptr ? view.slot(index) : view.moved_slot(index);
  if (slot == nullptr || !slot->claim || slot->claim->branch.empty()) return;
  refuse_damaged(*slot, IndexLook::whole);
  refuse_operation(*slot);
  throw Error(ErrorKind::wrong_state,
              fmt::format("the task's branch '{}' is gone, and '{}' has {}; nothing was merged",
                          text::printable(slot->claim->branch), slot->path, head_in_words(*slot)),
              how_to_remake(workspace, *slot))
      .with_code("other_branch");
}

}  // namespace gitplan
