// The metadata folder, .plan/, when a task's branch is merged: flow's own, and the task's file.
// What else the branch did to it does not count.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "git/merge.hpp"
#include "session/task_branch.hpp"

namespace gitplan {

/// The task's metadata file on a branch of it, or from the newest of its commits that flow lacks
/// and that has it.
std::optional<MetadataFile> metadata_of(const Workspace& workspace, const PlanView& view,
                                        TaskIndex index, const TaskBranch& branch);

/// As git::merge_commit of `branch` into `flow`, but .plan/ is as in flow, with the task's file
/// added: the branch's, else one of its commits', else made from the plan. Warns of what the branch
/// would have changed beside it.
std::variant<git::Merged, git::Conflicts> merge_with_metadata(Workspace& workspace,
                                                              const PlanView& view, TaskIndex index,
                                                              const TaskBranch& branch,
                                                              const git::Oid& flow,
                                                              const std::string& message);

}  // namespace gitplan
