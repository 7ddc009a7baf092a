// What a write may not introduce, and how every write of a plan records what git already knows.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plan/diagnostic.hpp"
#include "store/ledger.hpp"
#include "store/plan_store.hpp"

namespace gitplan {

class Workspace;

/// All errors and warnings of a plan: its tasks' and its graph's. `given` as in schedule::Graph;
/// `parse_diagnostics` first.
Diagnostics check_plan(const Plan& plan, std::span<const std::string> given,
                       std::span<const int> task_lines, const Diagnostics& parse_diagnostics);

/// Throws Error(fatal) that lists every error that is not in `before`. Says the others as warnings,
/// and the new warnings (as errors where strict).
void refuse_new_errors(Workspace& workspace, std::string_view session, const Diagnostics& before,
                       const Diagnostics& after);

/// Throws Error(lost_race) if a version is expected and the plan is at another one.
void refuse_other_version(const Plan& plan, const std::optional<std::int64_t>& expected);

/// Throws Error(wrong_state) if the plan was cleaned up: no task of it begins, or begins anew.
void refuse_cleaned(const Plan& plan);

/// Throws Error(wrong_state) if the plan is on hold: nothing of it starts.
void refuse_hold(const Plan& plan);

/// Records as completed what flow has.
void record_merged(Plan& plan, const FlowFacts& flow);

/// What an edit may look at: the plan as it is, and what its flow branch holds at this moment.
struct EditContext {
  const StoredPlan& current;
  std::span<const std::uint32_t> merged;  ///< numbers of its tasks whose file is in flow

  [[nodiscard]] bool in_flow(const Task& task) const;
};
using PlanEdit = std::function<Plan(const EditContext&)>;

/// One atomic new version: the edit, and the completions that git shows, checked. Run again after a
/// lost race. A task that this ends is not done any more (release_settled).
/// Throws as refuse_cleaned where the edit adds a task, or gives one another status.
PlanWrite write_plan(Workspace& workspace, std::string_view session, std::string_view message,
                     const PlanEdit& edit);

/// A person's text as the version after `current`.
struct NextText {
  Plan plan;
  std::string toml;
};
enum class Saying { warnings, nothing };
/// Checks what it changes, as write_plan does, and writes the version and the completions that git
/// shows into it. A `current` that cannot be read has no errors that may stay. Throws Error(fatal)
/// with every error, also where the text would rename the plan.
NextText next_version(Workspace& workspace, const StoredPlan& current, bool readable,
                      const std::string& text, Saying saying = Saying::warnings);

}  // namespace gitplan
