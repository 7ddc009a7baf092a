// What a task's branch says of itself: its metadata file, with the status that git shows.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "plan/plan.hpp"
#include "session/json.hpp"
#include "session/view.hpp"

namespace gitplan {

class Workspace;

struct BranchTask {
  std::string branch;
  TaskFile file;
  Status status = Status::in_progress;
  std::unique_ptr<PlanView> view;  ///< its plan; null if that is gone
  std::optional<TaskIndex> index;  ///< nothing: the plan does not have it
};

/// The task of a branch, by its name or its task's id. Of a branch that is gone, what the flow
/// branch holds of it. Throws Error(not_found) where there is neither, with "did you mean", and
/// Error(wrong_state) for the id of a task that has no branch.
BranchTask read_task_branch(Workspace& workspace, const std::string& word);
Json to_json(const BranchTask& task);

}  // namespace gitplan
