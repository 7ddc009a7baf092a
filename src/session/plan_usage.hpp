// What a plan's tasks have used, as git tells of it: merges into flow, and the plan's own history.
#pragma once

#include <map>
#include <string>

#include "agents/usage.hpp"
#include "session/run_history.hpp"

namespace gitplan {

class PlanView;
class Workspace;

struct PlanUsage {
  agents::Usage all;
  std::map<std::string, agents::Usage> by_task;   ///< by id
  std::map<std::string, agents::Usage> by_agent;  ///< "default": of the usual command
  std::map<std::string, int> parked;              ///< seconds, by task
};
PlanUsage plan_usage(const PlanView& view, const RunHistory& history);

/// The sum alone, at a fraction of the cost.
agents::Usage used_by_plan(const Workspace& workspace, const PlanView& view);

}  // namespace gitplan
