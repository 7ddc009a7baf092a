// `git plan update`: one atomic new version with all of it. `task add`, `fail`, `cancel` are
// special cases.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "commands/plan/create.hpp"
#include "plan/plan.hpp"
#include "session/json.hpp"
#include "session/run_facts.hpp"
#include "store/plan_store.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

struct UpdateRequest {
  std::vector<std::string> complete;
  std::vector<std::string> fail;
  std::vector<std::string> cancel;
  std::string reason;           ///< of fail and cancel
  bool needs_decision = false;  ///< of fail
  std::vector<RunFacts> facts;  ///< of the runs of tasks that fail or are cancelled
  std::vector<Task> add;
  Diagnostics doubts;  ///< warnings about what is added
  std::optional<std::string> note;
  std::vector<std::pair<std::string, std::string>> set;
  std::optional<std::int64_t> expected_version;
};

struct UpdateResult {
  std::string session;
  std::int64_t version = 0;
  bool changed = false;
  std::vector<std::string> completed;  ///< ids asked for
  std::vector<std::string> failed;
  std::vector<std::string> cancelled;
  std::vector<std::string> added;
  Diagnostics warnings;
};

/// Adds the tasks of a document, as --add does: an object or table with `tasks`, or a bare JSON
/// list. Throws Error(fatal).
void add_tasks(UpdateRequest& request, const Document& document);

/// The priority that a word names. Throws Error(fatal), with "did you mean".
Priority require_priority(const std::string& word);
/// The word itself, if it is a duration. Throws Error(fatal).
std::string require_estimate(const std::string& word);

/// Throws Error(lost_race) if the plan is not at the expected version, Error(wrong_state) for a
/// task that flow holds and that is to fail or be cancelled, Error(usage) for one with two ends.
UpdateResult update_plan(Workspace& workspace, const std::string& session,
                         const UpdateRequest& request);
Json to_json(const UpdateResult& result);

}  // namespace gitplan::commands
