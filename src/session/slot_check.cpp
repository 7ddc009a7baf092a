#include "session/slot_check.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "git/under_way.hpp"
#include "session/workspace.hpp"
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
    return Hint{fmt::format("to bring the work over, run: {0} checkout {1} && {0} merge {2}",
                            git_in(slot), text::shell_quote(branch),
                            text::shell_quote(slot.branch))};
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

void refuse_dirty(const Workspace& workspace, const Slot& slot) {
  if (!workspace.slots().dirty(slot)) return;
  throw UncommittedChanges(
      Error(ErrorKind::wrong_state,
            fmt::format("'{}' has uncommitted changes; nothing was merged", slot.path),
            Hint{fmt::format("to see them, run: {} status", git_in(slot))}));
}

/// Where HEAD of the worktree last was, by its reflog: the branch that it is on was deleted since.
std::optional<git::Oid> last_head(const Slot& slot) try {
  const std::string log = read_file(join_path(slot.admin_folder, "logs/HEAD")).value_or("");
  const std::string_view lines = text::trim(log);
  const std::string_view line = lines.substr(lines.rfind('\n') + 1);
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto after = git::Oid::parse(line.substr(space + 1, space));
  return after && *after != git::Oid{} ? after : git::Oid::parse(line.substr(0, space));
} catch (const Error&) {
  return std::nullopt;
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
  const auto last = last_head(slot);
  if (last && git::object_exists(workspace.repository(), *last)) {
    return Hint{fmt::format("to make it again where it was, run: {} branch {} {}", git_in(slot),
                            branch, last->abbreviated())};
  }
  return Hint{fmt::format("to start the task over, run: git task reset {}", slot.claim->task)};
}

}  // namespace

void refuse_unready_slot(const Workspace& workspace, const PlanView& view, TaskIndex index,
                         const std::string& branch) {
  const Slot* slot = view.slot(index);
  if (slot == nullptr) return;
  refuse_operation(*slot);
  refuse_detached(*slot, branch);
  refuse_other_branch(workspace, *slot, branch);
  refuse_dirty(workspace, *slot);
}

void refuse_lost_branch(const Workspace& workspace, const PlanView& view, TaskIndex index) {
  const Slot* slot = view.slot(index);
  if (slot == nullptr || !slot->claim || slot->claim->branch.empty()) return;
  refuse_operation(*slot);
  throw Error(ErrorKind::wrong_state,
              fmt::format("the task's branch '{}' is gone, and '{}' has {}; nothing was merged",
                          text::printable(slot->claim->branch), slot->path, head_in_words(*slot)),
              how_to_remake(workspace, *slot))
      .with_code("other_branch");
}

}  // namespace gitplan
