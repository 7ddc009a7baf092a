// What must be so in a task's slot before its branch is merged: all of its work is on that branch.
#pragma once

#include <string>
#include <utility>

#include "base/error.hpp"
#include "session/view.hpp"

namespace gitplan {

class Workspace;

/// Changes in the slot are in no commit.
class UncommittedChanges : public Error {
 public:
  explicit UncommittedChanges(Error refusal) : Error(std::move(refusal).with_code("dirty")) {}
};

/// Throws Error(wrong_state), with the way out, where git is in the middle of something in the slot
/// that holds the task, HEAD is detached or on another branch than `branch` (short name; it need
/// not exist); UncommittedChanges where some are. So too where the slot was moved, left half made,
/// or another worktree has the branch checked out; of what is untracked in the main one nothing is
/// asked.
void refuse_unready_slot(const Workspace& workspace, const PlanView& view, TaskIndex index,
                         const std::string& branch);

/// Throws UncommittedChanges where the slot that holds the task has some.
void refuse_dirty_slot(const Workspace& workspace, const PlanView& view, TaskIndex index);

/// Throws Error(wrong_state) where a slot holds the task and its branch is no more: what is checked
/// out there instead, and how it becomes the task's branch again.
void refuse_lost_branch(const Workspace& workspace, const PlanView& view, TaskIndex index);

/// The refusal of a task whose slot somebody moved away from its place: its worker goes on there.
Error held_elsewhere(const std::string& task, const Slot& slot);

/// Throws it where that is so.
void refuse_moved_slot(const PlanView& view, TaskIndex index);

/// Throws Error(wrong_state) where a slot holds the task, at its place or moved.
void refuse_held(const PlanView& view, TaskIndex index);

}  // namespace gitplan
