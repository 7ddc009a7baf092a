// `git plan list`: plans with their progress.
#pragma once

#include <string>
#include <vector>

#include "schedule/ready.hpp"
#include "session/json.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

struct PlanSummary {
  std::string session;
  std::string version;  ///< "v2"
  std::size_t total_tasks = 0;
  int completed_tasks = 0;
  schedule::State state = schedule::State::stuck;
  std::string stuck;     ///< why
  bool current = false;  ///< plan.current names it
  std::string user_request;
  std::string problem;  ///< why it cannot be read; the rest is then empty
};

std::vector<PlanSummary> list_plans(const Workspace& workspace);
Json to_json(const std::vector<PlanSummary>& plans);

}  // namespace gitplan::commands
