// What must be so before a task's branch is merged into flow, whoever merges it.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "session/branch_merge.hpp"
#include "session/view.hpp"

namespace gitplan {

class Workspace;

enum class Empty { refuse, merge };  ///< a branch without a commit of its own

/// run: what its worker merged by itself is done, whatever that did in its slot afterwards; a task
/// that is recorded failed or cancelled, or was reset, is left as it is.
enum class MergedFor { person, run };

struct GivenUpTask {
  std::string reason;
};
/// The branch to be merged; AlreadyMerged: flow has the task with all that its branch has.
using ReadyBranch = std::variant<TaskBranch, AlreadyMerged, GivenUpTask>;

/// Throws Error(wrong_state) for a slot that refuse_unready_slot refuses, a task without a branch,
/// and a plan that was cleaned up where commits came to the branch since.
ReadyBranch ready_branch(const Workspace& workspace, const PlanView& view, TaskIndex index,
                         MergedFor whom);

/// Throws Error(wrong_state) for a branch without a commit of its own, unless flow has the task.
/// `again` is the command, for its hint; empty: git task done <id>.
void refuse_empty_branch(const Workspace& workspace, const PlanView& view, TaskIndex index,
                         const TaskBranch& branch, const std::string& again = {});

/// Why the task is no longer to be done, whoever said so: failed, cancelled, reset.
std::optional<std::string> given_up(const PlanView& view, TaskIndex index);

}  // namespace gitplan
