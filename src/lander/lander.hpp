// Brings what is done into flow: carries out what the queue (landing/queue.hpp) decides. One at a
// time for each flow branch, whoever has the lock of its queue, lands what all have handed in by
// the same command; the others wait for what becomes of theirs, and take over when it leaves.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "base/process_identity.hpp"
#include "lander/hand_in.hpp"
#include "landing/queue.hpp"
#include "session/workspace.hpp"
#include "supervisor/supervisor.hpp"

namespace gitplan::lander {

struct LanderSetup {
  Settings settings;
  Notices notices;
  std::string flow_branch;
  std::string verify;                           ///< the command; empty: none
  std::optional<std::chrono::seconds> timeout;  ///< of one verification
  HandIn::By by = HandIn::By::run;
  ProcessIdentity owner;  ///< whose hand-ins it lands before it ends
  /// Warnings about branches, where they are not for `notices`.
  std::function<void(const Diagnostic&)> warned = {};
  /// What becomes of those, and (task: empty) that flow is red; each verification.
  std::function<void(const supervisor::LanderNews&)> tell;
};

/// wave.verifyJobs (1), wave.verifyBatch (0), wave.verifyRetries (1). Throws Error(fatal) for bad
/// ones.
landing::QueuePolicy queue_policy(const git::Config& config, const std::string& verify);

/// wave.land=wait: others land what is done. Throws Error(fatal) for another word than "merge".
bool waits_for_others(const git::Config& config);
/// wave.poll (15 s): how often is asked for what others landed, and what a hook said "not now" to.
std::chrono::milliseconds poll_time(const git::Config& config);

/// Until no hand-in of its owner waits, or flow is red; for a person, also until a signal comes
/// that asks to end, which is returned, with nothing left of what was started. Throws FlowBlocked
/// where the worktree that has flow cannot follow, and what the repository throws: what is done
/// stays done.
std::optional<int> land(const LanderSetup& setup);

}  // namespace gitplan::lander
