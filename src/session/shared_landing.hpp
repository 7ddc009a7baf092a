// A landing where machines share the plan: flow, the plans that record it, the task branches and
// the ends of their claims move on the remote in one push, and then here.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "git/oid.hpp"

namespace gitplan {

class Workspace;

/// A task that lands.
struct LandingTask {
  std::string session;
  std::string task;    ///< id
  std::string branch;  ///< short name; empty: none
  git::Oid tip;        ///< of the branch
};

enum class SharedLanding {
  landed,
  stale  ///< flow, a plan or a task branch has moved: what stands here has followed
};

/// What MergeInto::publish is for a flow branch that these tasks land in: empty where it is not
/// shared. `workspace` must outlive it.
std::function<bool(const git::Oid& from, const git::Oid& to)> publishing_into(
    const Workspace& workspace, std::string flow_branch, std::vector<LandingTask> tasks = {});

/// Throws Error(wrong_state) where another machine has a task, or somebody has pushed to its branch
/// what its tip does not have; what Publishing::write does. The branches here follow as far as
/// checkouts let them.
SharedLanding publish_landing(const Workspace& workspace, const std::string& flow_branch,
                              const git::Oid& from, const git::Oid& to,
                              const std::vector<LandingTask>& tasks);

}  // namespace gitplan
