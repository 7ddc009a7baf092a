// Which plan and which task a command is about.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "session/view.hpp"

namespace gitplan {

class Workspace;

enum class Access { read, write };

/// The plan that --plan names, else the one that the caller keeps to, else $GIT_PLAN_SESSION, else
/// that of the slot or the task branch here, else plan.current, finished or not; where that is
/// unset or gone the only unfinished one, named in a note and chosen by a write; else, to read,
/// where none is unfinished the newest finished one. Plans that cannot be read are no candidates.
/// Throws Error(not_found) with the list otherwise. `explicit_plan` (an argument such as
/// `plan show X`) goes before all, and may not contradict --plan: Error(usage). A write says which
/// plan it is about where it was not named and others are unfinished.
std::unique_ptr<PlanView> select_plan(
    Workspace& workspace, Access access,
    const std::optional<std::string>& explicit_plan = std::nullopt);

/// The plan that commands which name none are about before plan.current: that of $GIT_PLAN_SESSION,
/// or of the slot or the task branch here. Empty: none.
std::string plan_around(const Workspace& workspace);

/// The only way there is no plan at all, for commands that can do without one.
bool has_no_plans(const Workspace& workspace);

/// The flow branch of the plan that is named or chosen, in select_plan's order; else the one that
/// all plans here have; else, where there are none, default_flow_branch. Throws Error(not_found)
/// where it could be several.
std::string select_flow(const Workspace& workspace);

/// A task of a plan.
struct Selected {
  std::unique_ptr<PlanView> view;
  TaskIndex task = 0;
};

/// The task that a word names: `001`, `1`, `session/001`, a task branch; nothing: that of the
/// worktree we are in. Throws Error(not_found), with "did you mean".
Selected select_task(Workspace& workspace, Access access, const std::optional<std::string>& word);

/// The tip of a branch, by its short name. Throws Error(not_found), with "did you mean".
git::Oid require_branch(const Workspace& workspace, const std::string& branch);

/// The index of a task of this plan, by id or task branch. Throws Error(not_found).
TaskIndex require_task(const PlanView& view, std::string_view word);

}  // namespace gitplan
