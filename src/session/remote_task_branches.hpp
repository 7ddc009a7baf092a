// Task branches as the remote has them, and whether they are to be had here.
#pragma once

#include <optional>
#include <string>

#include "git/oid.hpp"
#include "git/refs.hpp"

namespace gitplan {

class Workspace;

/// The pattern of a task's branches, whatever they are called after its number.
std::string branches_of_task(const std::string& task);

/// A branch of the remote is not here, or is the task's own (`branch`), and neither where it is
/// there nor ahead of that, although nobody works on it.
bool lags_behind(const git::Repository& repository, const git::Ref& there,
                 const std::string& branch);

/// Whether a task branch as the remote has it is to be had here: it is not merged, checked out or
/// gone another way.
bool is_task_branch_behind(const git::Repository& repository, const git::Ref& there,
                           const std::optional<git::Oid>& here,
                           const std::optional<git::Oid>& flow);

/// Those that were begun on other machines, where nobody works on them here.
void follow_task_branches(const Workspace& workspace, const std::string& flow_branch);

/// Brings the branch of a task that nobody works on here, `branch` as far as is known, to where the
/// remote was seen to have it. What only this clone had of it becomes an attempt.
void take_remote_branch(const Workspace& workspace, const std::string& session,
                        const std::string& task, const std::string& branch);

}  // namespace gitplan
