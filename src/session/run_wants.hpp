// What a run of shared plans wants to be claimed, and what it is called in its claims: in a file
// ("<common>/git-plan/runs/<run>"), for the processes beside it that write to the remote. A run
// whose file is gone, or whose process is, does not live.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/process_identity.hpp"
#include "schedule/ready.hpp"
#include "session/claiming.hpp"

namespace gitplan {

class Workspace;

struct RunWants {
  std::string run;
  ProcessIdentity process;
  std::chrono::seconds lease{0};
  int room = 0;                               ///< workers that have nothing to do
  std::set<std::string> but;                  ///< tasks that it has had
  std::optional<std::set<std::string>> only;  ///< with a barrier: those of the wave
  schedule::Overlapping overlapping = schedule::Overlapping::hold_back;
  std::string stands_on;  ///< what the rest was decided on, as anything that changes with it
  bool operator==(const RunWants&) const = default;

  [[nodiscard]] ClaimedBy claimed_by() const { return {run, lease}; }
  [[nodiscard]] bool asks_for(const std::string& task) const {
    return !but.contains(task) && (!only || only->contains(task));
  }
};

/// "20250112T143000Z-4711", of this process.
std::string new_run_name();
/// wave.lease, 15 minutes; at least 3 s, at most a day. Throws Error(fatal) on anything else.
std::chrono::seconds lease_time(const Workspace& workspace);

void write_wants(const Workspace& workspace, const RunWants& wants);
std::optional<RunWants> read_wants(const Workspace& workspace, std::string_view run);
void forget_wants(const Workspace& workspace, std::string_view run);
/// A run of this clone that goes on.
bool is_run_alive(const Workspace& workspace, std::string_view run);
/// Tasks that were claimed for a run and that it has not begun, as far as `wants` says; those too
/// that nobody is at any more, of runs that died. `standing`: what is at a claim's ref.
int claimed_ahead(const Workspace& workspace, const PlanView& view, const RunWants& wants,
                  const std::function<std::optional<git::Oid>(const std::string& ref)>& standing);

}  // namespace gitplan
