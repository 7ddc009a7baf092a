// Brings what is done into flow: carries out what the queue (landing/queue.hpp) decides. One at a
// time for each flow branch, whoever has the lock of its queue, lands what all have handed in by
// the same command; the others wait for what becomes of theirs, and take over when it leaves.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

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
  supervisor::Lands lands = supervisor::Lands::all;
  ProcessIdentity owner;   ///< whose hand-ins it lands before it ends
  std::string again = {};  ///< a person's command, for hints; empty: git task done <id>
  std::string run = {};    ///< its name in claims, where machines share the plan; empty: none
  /// Warnings about branches, where they are not for `notices`.
  std::function<void(const Diagnostic&)> warned = {};
  /// What becomes of those, and (task: empty) that flow is red; each verification.
  std::function<void(const supervisor::LanderNews&)> tell;
};

/// What SentBack::command names where that hook, and no verification, sent a task back.
inline constexpr std::string_view pre_land_hook = "wave-pre-land";

/// wave.verifyJobs (1), wave.verifyBatch (0), wave.verifyRetries (1). Throws Error(fatal) for bad
/// ones.
landing::QueuePolicy queue_policy(const git::Config& config, const std::string& verify);

/// wave.land=wait: others land what is done. Throws Error(fatal) for another word than "merge".
bool waits_for_others(const git::Config& config);
/// wave.poll (15 s): how often is asked for what others landed, and what a hook said "not now" to.
std::chrono::milliseconds poll_time(const git::Config& config);

/// Of a run whose landing was refused, for all or for one of its tasks: what had been about to land
/// at once is done, and waits.
void keep_done(const git::Repository& repository, const LanderSetup& setup, HandIn hand_in);

/// Until no hand-in of its owner waits, or flow is red; for a person, also until a signal comes
/// that asks to end, which is returned, with nothing left of what was started. Throws FlowBlocked
/// where the worktree that has flow cannot follow, and what the repository throws: what is done
/// stays done.
std::optional<int> land(const LanderSetup& setup);

}  // namespace gitplan::lander
