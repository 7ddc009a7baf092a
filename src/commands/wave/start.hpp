// `git wave start`: tasks get branches and worktrees, as many as there is room for, under one lock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/task/starting.hpp"
#include "commands/wave/blocked.hpp"
#include "session/json.hpp"

namespace gitplan::commands {

struct StartWaveRequest {
  std::vector<std::string> tasks;   ///< empty: the best ones
  std::optional<std::string> jobs;  ///< -j
  schedule::Overlapping overlapping = schedule::Overlapping::hold_back;
};
struct StartWaveResult {
  std::string session;
  std::vector<Started> started;
  std::vector<schedule::HeldBack> held_back;
  std::vector<std::string> held_back_ids;  ///< parallel to held_back
  std::vector<std::string> unapproved;     ///< ids that only approval keeps from starting
  schedule::State state = schedule::State::stuck;
  std::vector<Blocked> blocked;  ///< where nothing was started
};
/// Starts tasks in free slots until -j of them have one; where that is nothing, notes why. Throws
/// only if nothing at all could be started and something was asked for or failed.
StartWaveResult start_wave(Workspace& workspace, const StartWaveRequest& request);
Json to_json(const StartWaveResult& result);

}  // namespace gitplan::commands
