// What a task's branch has that flow lacks: before its merge, and after it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "session/view.hpp"
#include "store/ref_names.hpp"

namespace gitplan {

class Workspace;

/// Commits of the task's own: on the branch that ends at `tip`, not in `flow`, and not the one that
/// brought its metadata file.
int own_commits(const Workspace& workspace, const PlanView& view, TaskIndex index,
                const git::Oid& flow, const git::Oid& tip);

/// True if the branch that ends at `tip` has a commit that is neither in `flow`, nor a merge of it,
/// nor the one that brought the metadata file and nothing else. An empty commit is one.
bool has_own_work(const Workspace& workspace, const PlanView& view, TaskIndex index,
                  const git::Oid& flow, const git::Oid& tip);

/// The same of a task whose plan need not be at hand.
bool has_own_work(const git::Repository& repository, const ref_names::TaskRef& task,
                  const git::Oid& flow, const git::Oid& tip);

/// The same, whatever is in flow by now: commits of its own since the one that brought the file.
/// True where that one is not found.
bool had_own_work(const Workspace& workspace, const PlanView& view, TaskIndex index,
                  const git::Oid& tip);

/// `flow` has the commit that brought the metadata file at `path` as it is on the branch that ends
/// at `tip`: some of the branch came there, whatever became of it.
bool came_in_part(const Workspace& workspace, const std::string& path, const git::Oid& flow,
                  const git::Oid& tip);

/// The commits of the branch that ends at `tip`, newest first, along first parents, from the one
/// that brought the metadata file on, whatever is in flow by now. Empty where that one is not
/// found.
std::vector<git::Oid> commits_since_start(const Workspace& workspace, const PlanView& view,
                                          TaskIndex index, const git::Oid& tip);

/// Of a task whose merge `flow` has seen, with all that it had then: commits came to its branch
/// since that are not in flow. A merge of flow is none. Where the branch was squashed or rebased on
/// its way, what counts is whether anything of it was left out.
bool has_later_work(const Workspace& workspace, const PlanView& view, TaskIndex index,
                    const git::Oid& flow, const git::Oid& tip);

/// PlanView::is_merged, and nothing came to its branch since.
bool is_all_merged(const Workspace& workspace, const PlanView& view, TaskIndex index);

/// What stands checked out in the slot, if flow lacks commits of it and they are not the task's
/// branch's: work that no merge of that branch brings along.
std::optional<git::Oid> stray_work(const Workspace& workspace, const PlanView& view,
                                   TaskIndex index, const Slot& slot);

}  // namespace gitplan
