// The process that a run starts beside itself to bring a finished task into flow, and what it says
// of that to the run.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "supervisor/supervisor.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

struct LandRequest {
  int worker = 0;
  std::optional<std::string> verify;
  std::optional<std::chrono::seconds> timeout;  ///< of the verification, hooks and all
};

/// Merges the slot's task. Every outcome is an answer, refusals too.
supervisor::Landing land(Workspace& workspace, const LandRequest& request);

/// One line of JSON: `outcome`, `reason`, `commit`, `conflicts`.
std::string encode(const supervisor::Landing& landing);
/// Nothing for what no `encode` has written.
std::optional<supervisor::Landing> parse_landing(std::string_view text);

}  // namespace gitplan::commands
