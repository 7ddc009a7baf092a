// The process that a run starts beside itself where machines share the plan: it claims what the run
// has room for, renews what it holds, looks for what others did, and takes over what they left.
// When each is due, remote/keeping.hpp says.
#pragma once

#include <functional>
#include <string>

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

struct KeepRequest {
  std::string run;                                   ///< session/run_wants.hpp
  std::function<void(const std::string& line)> say;  ///< keeper_news.hpp
};

/// Until the run that is this process's parent is gone, or something fails, which it says.
void keep_for_run(Workspace& workspace, const KeepRequest& request);

}  // namespace gitplan::commands
