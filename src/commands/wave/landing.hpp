// The process that a run starts beside itself to bring done tasks into flow.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "supervisor/supervisor.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

struct LandRequest {
  std::optional<std::string> verify;
  std::optional<std::chrono::seconds> timeout;  ///< of one verification, hooks and all
  supervisor::Lands lands = supervisor::Lands::all;
  std::optional<std::string> run;  ///< where machines share the plan
  std::function<void(const std::string& line)> say;
};

/// Lands what the run that is this process's parent hands in, until nothing of it waits. Says what
/// becomes of each (lander/news.hpp), refusals too.
void land_for_run(Workspace& workspace, const LandRequest& request);

/// One verification of a lander, as a process of its own; what it has to say when it ends.
std::string verify_for_lander(Workspace& workspace, const std::string& commit,
                              const std::string& command,
                              std::optional<std::chrono::seconds> timeout);

}  // namespace gitplan::commands
