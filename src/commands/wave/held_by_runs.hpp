// Tasks that could start, but for files that runs of other plans are at.
#pragma once

#include <string>

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

/// One of the plan's tasks is ready, and held back by a task of another plan that a run which lives
/// works on, or is about to land.
bool is_held_by_other_run(const Workspace& workspace, const std::string& session);

}  // namespace gitplan::commands
