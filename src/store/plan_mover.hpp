// How the branch of a plan moves: here alone, or where machines share it on their remote first.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "git/oid.hpp"
#include "git/refs.hpp"
#include "plan/plan.hpp"

namespace gitplan {

/// One step of a plan's branch.
struct PlanMove {
  std::string session;
  std::optional<git::Oid> from;  ///< nothing: it must not exist
  git::Oid to;
  const Plan* before = nullptr;  ///< null: it is new
  const Plan* after = nullptr;
  std::string reflog;
};

class PlanMover {
 public:
  PlanMover() = default;
  PlanMover(const PlanMover&) = delete;
  PlanMover& operator=(const PlanMover&) = delete;
  virtual ~PlanMover() = default;

  /// lost_race: it is somewhere else by now, where the branch here follows; whoever moves it reads
  /// it and decides again. Throws Error for all other reasons why it does not move.
  virtual git::SwapResult move(const PlanMove& move) = 0;

  /// Where the branch is known to be by now, which is at `here` in this repository.
  [[nodiscard]] virtual git::Oid tip(const std::string& session, const git::Oid& here) const {
    (void)session;
    return here;
  }
};

}  // namespace gitplan
