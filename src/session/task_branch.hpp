// A task's branch: made with its metadata commit on top of flow.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/oid.hpp"
#include "session/json.hpp"
#include "session/select.hpp"
#include "session/view.hpp"

namespace gitplan::git {
class Repository;
}  // namespace gitplan::git

namespace gitplan {

class Workspace;

enum class Unready { refuse, start_anyway };

/// Throws Error(wrong_state) if the task cannot start: completed, failed, cancelled, or (unless
/// start_anyway) not ready. A task in progress passes.
void refuse_unstartable(const PlanView& view, TaskIndex index, Unready unready);

/// Throws Error(wrong_state) where the task is done, and waits to be merged: nobody is to begin it.
void refuse_done(const PlanView& view, TaskIndex index);

struct NewBranch {
  std::string name;
  git::Oid commit;
};
/// A task's metadata file: its path in a tree, and its content.
struct MetadataFile {
  std::string path;
  git::Oid blob;
};

/// What a task's metadata file is to say; what is not given comes from the plan.
struct TaskFields {
  std::optional<std::string> description;
  std::optional<std::vector<std::string>> preconditions;
  std::optional<std::vector<std::string>> provides;
  std::optional<std::vector<std::string>> depends_on;
  std::optional<std::vector<std::string>> enables;
  std::optional<std::vector<std::string>> parallel_with;
  std::optional<std::vector<std::string>> files;
  std::optional<std::string> details;
  std::optional<std::string> test_strategy;
  std::optional<std::string> agent;
  std::optional<std::vector<std::string>> completed_tasks;
  std::optional<std::string> estimated_time;
  std::optional<Priority> priority;
  std::optional<std::string> session_goal;
  std::optional<std::string> plan_version;  ///< "v1"
};
/// As the branch's first commit has it, made from the plan as it is now; the blob is written.
MetadataFile make_metadata(const git::Repository& repository, const PlanView& view, TaskIndex index,
                           const std::string& branch, const TaskFields& fields = {});

/// Makes the branch of a pending task. Call under Slots::lock(). `slug`: an explicit one, which
/// must be free; otherwise the plan's, or one derived from the description and numbered until it is
/// free. Throws Error(wrong_state) if the branch name is taken.
NewBranch make_task_branch(Workspace& workspace, const PlanView& view, TaskIndex index,
                           const std::optional<std::string>& slug, const TaskFields& fields = {});

/// `git task create`.
struct CreateTaskRequest {
  std::optional<std::string> task;
  std::optional<std::string> slug;
  Unready unready = Unready::refuse;
  TaskFields fields;
};
struct CreateTaskResult {
  std::string session;
  std::string task;
  NewBranch branch;
};
/// Throws Error(fatal) for fields that would be an error in the plan.
CreateTaskResult create_task(Workspace& workspace, const CreateTaskRequest& request);
Json to_json(const CreateTaskResult& result);

}  // namespace gitplan
