// How often this clone may push, by plan.maxPushRate: what all its processes pushed last is noted
// in a file, by the clock that they share.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace gitplan {

class Workspace;

/// Of the machine's monotonic clock.
std::chrono::milliseconds pace_time();

/// plan.maxPushRate: pushes a minute of all machines together; 0: no bound. Throws Error(fatal)
/// where it is no such number.
int most_pushes(const Workspace& workspace);

/// When the last push of this clone was begun; nothing: not since the machine was started.
std::optional<std::chrono::milliseconds> last_push(const Workspace& workspace);
void note_push(const std::string& state_folder);

/// How long a push has to wait by this machine's share, given who holds claims of the plan.
std::chrono::milliseconds wait_for_push(const Workspace& workspace, const std::string& session);

}  // namespace gitplan
