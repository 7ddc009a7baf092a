// `git task reset`: starts a task over; nothing of the old attempt is lost.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "session/json.hpp"
#include "session/run_facts.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

struct ResetResult {
  std::string session;
  std::string task;
  std::int64_t version = 0;
  std::vector<std::string> attempts;  ///< refs that now keep its old branches
  std::vector<std::string> removed_worktrees;
};

/// Frees its slot (rescued first), keeps its branch under refs/git-plan/attempts, records it
/// pending. Throws Error(wrong_state) for a task that flow holds, or whose branch is checked out
/// outside the slots. `facts` stand in the plan's history, where the plan changes at all.
ResetResult reset_task(Workspace& workspace, const std::optional<std::string>& task,
                       const RunFacts& facts = {});
Json to_json(const ResetResult& result);

}  // namespace gitplan::commands
