// Who approved which version of a plan, and which tasks that covers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/toml.hpp"
#include "session/json.hpp"
#include "session/view.hpp"

namespace gitplan {

class Workspace;

/// The latest approval, against the plan as it is now. A task is approved if the approved version
/// had it as it is now: all but its status and what was said of that.
struct ApprovalState {
  bool required = false;                    ///< plan.requireApproval
  std::optional<toml_io::Approval> latest;  /// the last [[approvals]] entry
  struct Difference {
    TaskIndex task = 0;
    std::vector<std::string> keys;  ///< what changed since; empty: it was added since
  };
  std::vector<Difference> unapproved;  ///< in plan order; without any approval: all tasks

  [[nodiscard]] bool covers(TaskIndex task) const;
  /// True if the task may not start for want of approval.
  [[nodiscard]] bool holds_back(TaskIndex task) const { return required && !covers(task); }
};
/// The [[approvals]] of a plan, in its order.
std::vector<toml_io::Approval> plan_approvals(const Workspace& workspace, const StoredPlan& stored);

/// plan.requireApproval
bool approval_required(const Workspace& workspace);
ApprovalState approval_state(const Workspace& workspace, const PlanView& view);

/// "was added after v2", "was changed after v2 (files)", "is in a plan that nobody has approved".
std::string describe(const ApprovalState& state, const ApprovalState::Difference& difference);

/// Throws Error(wrong_state) if the task may not start for want of approval.
void refuse_unapproved(const ApprovalState& state, const PlanView& view, TaskIndex task);

/// What else could start now, were it approved. Empty where none is required.
std::vector<TaskIndex> waiting_for_approval(const ApprovalState& state, const PlanView& view);

/// Notes that these tasks (ids) wait for approval, if there are any.
void say_unapproved(const Workspace& workspace, const std::vector<std::string>& tasks);

/// {"required", "version", "at", "by", "note", "unapproved"}; absent: nobody has approved.
Json approval_object(const ApprovalState& state, const PlanView& view);

}  // namespace gitplan
