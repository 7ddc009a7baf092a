// Who verifies for a flow branch now, where machines share it: refs/git-plan/landing/<flow>, a
// claim of 3 minutes that is renewed. Whatever else moves flow waits meanwhile.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "git/oid.hpp"
#include "remote/transact.hpp"

namespace gitplan {

class SharedRemote;
class Workspace;

/// A lease that another machine has, as this process has seen it; its own clock only.
class LandingWatch {
 public:
  /// What stands there keeps others from landing. One that was seen unchanged for as long as it
  /// says does not.
  bool is_held(const Workspace& workspace, const std::optional<git::Oid>& standing);

 private:
  std::optional<git::Oid> seen_;
  std::chrono::steady_clock::time_point since_;
};

class LandingLease {
 public:
  /// `run`: as claims name it.
  LandingLease(std::string flow_branch, std::string run)
      : flow_branch_(std::move(flow_branch)), run_(std::move(run)) {}

  /// True: it is ours, and was renewed where that was due. Asks for one that others have no more
  /// often than each wave.poll. Throws as Publishing::write.
  bool have(const Workspace& workspace);
  /// Gives it back. What cannot be reached expires.
  void release(const Workspace& workspace);
  /// It went with a landing: others may take it first until then.
  void leave_until(std::chrono::steady_clock::time_point when);
  [[nodiscard]] bool is_held() const { return held_since_.has_value(); }

 private:
  void take(const Workspace& workspace);
  void renew(const Workspace& workspace);
  [[nodiscard]] std::optional<remote::Transaction> replace(const Workspace& workspace,
                                                           const std::optional<git::Oid>& before);

  std::string flow_branch_;
  std::string run_;
  LandingWatch watch_;
  std::optional<std::chrono::steady_clock::time_point> held_since_;  ///< taken, or renewed
  std::chrono::steady_clock::time_point next_try_;
};

/// 3 minutes, or wave.lease where that is less.
std::chrono::seconds landing_lease_time(const Workspace& workspace);

/// A landing claim that this clone made.
bool is_own_landing(const Workspace& workspace, const git::Oid& object);

}  // namespace gitplan
