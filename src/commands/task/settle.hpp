// `git task fail` and `git task cancel`: what becomes of one task, recorded in the plan.
#pragma once

#include <optional>
#include <string>

#include "commands/plan/update.hpp"
#include "session/json.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

struct SettleRequest {
  enum class As { failed, cancelled } as = As::failed;
  std::optional<std::string> task;
  std::string reason;           ///< or the question, where one must be answered
  bool needs_decision = false;  ///< of failed
};

struct SettleResult {
  std::string task;
  UpdateResult update;
};

/// Throws Error(wrong_state) for a task that is completed.
SettleResult settle_task(Workspace& workspace, const SettleRequest& request);
Json to_json(const SettleResult& result);

}  // namespace gitplan::commands
