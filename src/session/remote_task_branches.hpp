// Task branches as the remote has them, and whether they are to be had here.
#pragma once

#include <string>

#include "git/refs.hpp"

namespace gitplan {

class Workspace;

/// The pattern of a task's branches, whatever they are called after its number.
std::string branches_of_task(const std::string& task);

struct SharedTask {
  std::string session;
  std::string id;
  std::string branch;  ///< as far as it is known here
};

/// A branch of the remote is this task's, and not here; or it is the one that is known here, which
/// neither is where that is nor ahead of it, although nobody works on it.
bool lags_behind(const Workspace& workspace, const SharedTask& task, const git::Ref& there);

/// Those that were begun on other machines, where nobody works on them here.
void follow_task_branches(const Workspace& workspace, const std::string& flow_branch);

/// Brings the branches of a task that nobody works on here to where the remote was seen to have
/// them. What only this clone had of one becomes an attempt.
void take_remote_branch(const Workspace& workspace, const SharedTask& task);

}  // namespace gitplan
