// `git task reset`: starts a task over; nothing of the old attempt is lost.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "remote/claim.hpp"
#include "session/json.hpp"
#include "session/run_facts.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

/// A task that another machine has.
enum class ClaimedTask { refuse, start_over };

struct ResetRequest {
  std::optional<std::string> task;
  std::string answer;   ///< to its question, or what else the next attempt is to know
  RunFacts facts = {};  ///< for the plan's history, where the plan changes at all
  ClaimedTask claimed = ClaimedTask::refuse;
};

struct ResetResult {
  std::string session;
  std::string task;
  std::int64_t version = 0;
  std::vector<std::string> attempts;  ///< refs that now keep its old branches
  std::vector<std::string> removed_worktrees;
  std::optional<remote::StandingClaim> taken_from = {};  ///< who had it until now
};

/// Frees its slot (rescued first), keeps its branch under refs/git-plan/attempts, records it
/// pending. Throws Error(wrong_state) for a task that flow holds, or whose branch is checked out
/// outside the slots.
ResetResult reset_task(Workspace& workspace, const ResetRequest& request);
Json to_json(const ResetResult& result);

}  // namespace gitplan::commands
