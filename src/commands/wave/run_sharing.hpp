// What a run does where machines share the plan: it says what it wants to be claimed, uses what was
// claimed for it, and gives back what is left. Nothing here asks the remote but `end`: that is for
// the process beside it (keeper.hpp).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "session/keeping.hpp"
#include "session/run_wants.hpp"
#include "session/view.hpp"
#include "supervisor/supervisor.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

class RunSharing {
 public:
  /// Its wants are there from then on. Throws Error(fatal) for a bad wave.lease or
  /// plan.maxPushRate.
  RunSharing(const Workspace& workspace, KeptPlan plan, schedule::Overlapping overlapping);

  [[nodiscard]] const std::string& run() const { return wants_.run; }

  void want(const Workspace& workspace, const supervisor::Claimable& claimable);
  [[nodiscard]] std::optional<supervisor::KeeperNews> said(std::string_view line);
  /// All that is wanted was not seen to yet, or others hold what may come free.
  [[nodiscard]] bool waits() const { return waits_ || seen_to_ != wants_.stands_on; }

  /// A task of this clone may start, or go on, here: its claim is of this run, or of one that died.
  [[nodiscard]] bool is_ours(const Workspace& workspace, const PlanView& view,
                             TaskIndex task) const;

  /// See supervisor::Work.
  [[nodiscard]] std::string keep_lost(Workspace& workspace,
                                      const supervisor::WorkerRecord& record) const;
  /// Empties the slots of `left`, and gives back what is claimed.
  void end(Workspace& workspace, const std::vector<supervisor::WorkerRecord>& left) const;

 private:
  void empty_slot(Workspace& workspace, const supervisor::WorkerRecord& record) const;

  KeptPlan plan_;
  RunWants wants_;
  int changes_ = 0;
  std::string seen_to_;
  bool waits_ = false;
};

}  // namespace gitplan::commands
