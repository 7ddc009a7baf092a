// A landing where machines share the plan: flow, the plans that record it, the task branches and
// the ends of their claims move on the remote in one push, and then here.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "git/oid.hpp"

namespace gitplan {

struct RunWants;

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

/// Thrown where another machine, or nobody, has a task that a run wants to land.
struct LostClaim : Error {
  using Error::Error;
  std::string session;
  std::string task;
};

/// For whom is landed.
struct LandingFor {
  /// A run: what it lands it must have claimed, and what it has room for then is claimed in the
  /// same push.
  const RunWants* run = nullptr;
  std::string session = {};  ///< that it works on
  bool ends_lease = false;   ///< the turn to verify (landing_lease.hpp) goes with it
};

/// What MergeInto::publish is for a flow branch that these tasks land in: empty where it is not
/// shared. `workspace` must outlive it.
std::function<bool(const git::Oid& from, const git::Oid& to)> publishing_into(
    const Workspace& workspace, std::string flow_branch, std::vector<LandingTask> tasks = {});

/// Waits while another machine verifies for that flow branch. Throws Error(wrong_state) where
/// another machine has a task, or somebody has pushed to its branch
/// what its tip does not have; LostClaim, for a run; what Publishing::write does. The branches here
/// follow as far as checkouts let them.
SharedLanding publish_landing(const Workspace& workspace, const std::string& flow_branch,
                              const git::Oid& from, const git::Oid& to,
                              const std::vector<LandingTask>& tasks, const LandingFor& by = {});

}  // namespace gitplan
