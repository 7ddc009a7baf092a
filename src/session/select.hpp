// Which plan and which task a command is about.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "session/view.hpp"

namespace gitplan {

class Workspace;

/// settle: writes, but only what git says already or what starts over (done, finish, reset): safe
/// on a finished plan.
enum class Access { read, write, settle };

/// The plan that --plan names, else the one to keep to, else $GIT_PLAN_SESSION, else that of the
/// task branch checked out here, else plan.current if unfinished, else the only unfinished one,
/// else (to read or settle) the newest finished one. Throws Error(not_found) with the list
/// otherwise. `explicit_plan` (an argument such as `plan show X`) goes before all.
std::unique_ptr<PlanView> select_plan(
    Workspace& workspace, Access access,
    const std::optional<std::string>& explicit_plan = std::nullopt);

/// The only way there is no plan at all, for commands that can do without one.
bool has_no_plans(const Workspace& workspace);

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
