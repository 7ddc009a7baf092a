// Which plan was named or chosen, and by what: what the selection of plans and that of tasks share.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "session/select.hpp"

namespace gitplan {

using OpenPlan = std::unique_ptr<PlanView>;

/// Throws as PlanStore::load.
OpenPlan open_plan(const Workspace& workspace, std::string_view plan_or_session);
/// The same of one that the command's own words are about.
OpenPlan open_named(Workspace& workspace, std::string_view plan_or_session);
/// The plan, which a word or an option named: said where much is to be said.
OpenPlan tell_named(const Workspace& workspace, OpenPlan view);
/// The plan, with what it was chosen by: said where a write could be meant for another one.
OpenPlan chosen(Workspace& workspace, Access access, OpenPlan view, std::string_view by);

/// A task and its plan.
struct Here {
  std::string session;
  std::string task;
};

/// Of the slot, else the task branch, that the current folder is in.
std::optional<Here> task_here(const Workspace& workspace);

/// A plan that was named or chosen, and by what; empty: by the command's own words.
struct Choice {
  StoredPlan stored;
  std::string_view by;
};

/// In the order of select_plan.
std::optional<Choice> choice_of(const Workspace& workspace);

}  // namespace gitplan
