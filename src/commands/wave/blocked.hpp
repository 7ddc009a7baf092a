// Why nothing can start, or not all: for `git wave next` and `git wave start`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/plan/show.hpp"
#include "session/json.hpp"
#include "session/view.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

/// An unfinished task that cannot start now. The reason, as it was given, goes on from the status:
/// "failed: …".
struct Blocked {
  std::string id;
  Status status = Status::pending;
  std::string reason;
  bool done = false;  ///< in progress, and nobody works on it any more
};
std::vector<Blocked> blocked_tasks(const PlanView& view, const NextWave& next);
/// {"id", "status", "reason"} of each.
Json blocked_objects(const std::vector<Blocked>& blocked);
/// "failed: the tests do not pass", "in progress with worker 1", "waiting for task 001, in
/// progress": printable.
std::string describe(const Blocked& blocked);

/// Notes why nothing can start, if so, and hints at what helps.
void say_why_nothing(const Workspace& workspace, const PlanView& view, const NextWave& next);

}  // namespace gitplan::commands
