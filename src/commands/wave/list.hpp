// `git wave list`: every wave, how far it is, and how long the rest of the plan takes.
#pragma once

#include <string_view>
#include <vector>

#include "session/json.hpp"
#include "session/outlook.hpp"

namespace gitplan::commands {

/// How far a wave is as a whole.
enum class WaveState {
  completed,    ///< all of it is over
  failed,       ///< one of its tasks has failed
  in_progress,  ///< one of its tasks is in progress
  ready,        ///< one of its tasks can start
  pending,
};
std::string_view to_string(WaveState state);

struct WaveList {
  struct Wave {
    WaveState state = WaveState::pending;
    int completed = 0;             ///< of its tasks
    double estimated_minutes = 0;  ///< the longest of its tasks, as they run at once
    double minutes_left = 0;       ///< the longest of those that are not over
  };
  std::vector<Wave> waves;  ///< parallel to PlanView::waves()
  TimeLeft left;
};
WaveList list_waves(const PlanView& view, int workers);
Json to_json(const PlanView& view, const WaveList& list);

}  // namespace gitplan::commands
