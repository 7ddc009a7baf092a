// A task's branch: made with its metadata commit on top of flow.
#pragma once

#include <optional>
#include <string>

#include "commands/json.hpp"
#include "commands/select.hpp"
#include "commands/view.hpp"
#include "git/oid.hpp"

namespace gitplan::commands {

class Workspace;

enum class Unready { refuse, start_anyway };

/// Throws Error(wrong_state) if the task cannot start: completed, failed, cancelled, or (unless
/// start_anyway) not ready. A task in progress passes.
void refuse_unstartable(const PlanView& view, TaskIndex index, Unready unready);

struct NewBranch {
  std::string name;
  git::Oid commit;
};
/// Makes the branch of a pending task. Call under Slots::lock(). `slug`: an explicit one, which
/// must be free; otherwise the plan's, or one derived from the description and numbered until it is
/// free. Throws Error(wrong_state) if the branch name is taken.
NewBranch make_task_branch(Workspace& workspace, const PlanView& view, TaskIndex index,
                           const std::optional<std::string>& slug);

/// `git task create`.
struct CreateTaskRequest {
  std::optional<std::string> task;
  std::optional<std::string> slug;
  Unready unready = Unready::refuse;
};
struct CreateTaskResult {
  std::string task;
  NewBranch branch;
};
CreateTaskResult create_task(Workspace& workspace, const CreateTaskRequest& request);
Json to_json(const CreateTaskResult& result);

}  // namespace gitplan::commands
