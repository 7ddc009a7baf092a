// The metadata folder, .plan/, when something is merged: that of the branch that is merged into,
// and, of a task, its file. What else the other side did to it does not count.
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

/// Two commits that are to become one.
struct MergeSides {
  git::Oid ours;
  git::Oid theirs;
  /// A commit whose work the side has, though its history does not say so: it was squashed.
  std::optional<git::Oid> ours_has = std::nullopt;
  std::optional<git::Oid> theirs_have = std::nullopt;
};
enum class Joined { merge, squash };

/// As git::merge_commit, but .plan/ is as in `ours`, and never in conflict. squash: the commit has
/// `ours` as its only parent.
std::variant<git::Merged, git::Conflicts> merge_beside_metadata(const git::Repository& repository,
                                                                const MergeSides& sides,
                                                                const std::string& message,
                                                                Joined joined = Joined::merge);

}  // namespace gitplan
