// What is done and waits to land: the queues of all flow branches, as `git wave status` shows them.
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "lander/hand_in.hpp"
#include "session/json.hpp"
#include "session/view.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

struct QueuedTask {
  std::string task;         ///< "001", or "session/001" of another plan
  std::string description;  ///< of a task of the plan
  int position = 0;         ///< in the queue of its flow branch, from 1
  lander::HandIn::State state = lander::HandIn::State::waiting;
  Seconds since = 0;
  bool is_cared_for = false;  ///< whoever handed it in lives, and lands it
};

/// With `view`, tasks of that plan go by their id alone.
std::vector<QueuedTask> landing_queue(const Workspace& workspace, const PlanView* view);
Json to_json(const std::vector<QueuedTask>& queue);

}  // namespace gitplan::commands
