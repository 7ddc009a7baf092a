// Claims of a shared plan's tasks: taken before anything of them starts here, given back when it is
// over.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "remote/transact.hpp"
#include "session/shared_remote.hpp"
#include "session/view.hpp"

namespace gitplan {

class Workspace;

/// A task that is to start here.
struct Wanted {
  TaskIndex task = 0;
  int worker = 0;
  std::string branch;
  /// Another machine's claim that may be replaced: its lease is over, and nothing else may stand
  /// there.
  std::optional<git::Oid> replaces = {};
};

/// Which run claims, and for how long without a renewal; none: its claims do not expire.
struct ClaimedBy {
  std::string run;
  std::chrono::seconds lease{0};
};

enum class Take { free_ones, held_ones };

struct Claiming {
  std::vector<TaskIndex> won;
  std::vector<remote::StandingClaim> taken;  ///< of those that others had, with Take::held_ones
  /// Where the plan, flow or a claim was seen to be another than the view has it: nothing was
  /// claimed, what stands here has followed, and whoever asks looks again.
  bool is_stale = false;
};

/// In one push. Without plan.remote all are won. Throws as Publishing::write.
Claiming claim_tasks(const Workspace& workspace, const PlanView& view,
                     std::span<const Wanted> wanted, Take take = Take::free_ones,
                     const ClaimedBy& by = {});

/// Puts the claim of a task, which replaces what stands there (`before`), into a push.
void add_claim(const git::Repository& repository, const SharedRemote& shared, const PlanView& view,
               const Wanted& wanted, const std::optional<git::Oid>& before,
               remote::Transaction& made, const ClaimedBy& by = {});

/// Ends claims of this clone. What cannot be reached is noted, and given back by a later write.
void give_back(const Workspace& workspace, const PlanView& view, std::span<const TaskIndex> tasks);

/// This very clone made it.
bool is_own_claim(const git::Repository& repository, const git::Oid& claim);

/// Throws Error(wrong_state), naming who, where another machine has the task.
void refuse_claimed(const PlanView& view, TaskIndex index);
/// The same for whoever may start it over.
void refuse_claimed_reset(const PlanView& view, TaskIndex index);

/// "machine build-3f2a, worker 2, since 14:30"
std::string describe(const SeenClaim& claim);

}  // namespace gitplan
