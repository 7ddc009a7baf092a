#include "session/renamed_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "session/workspace.hpp"
#include "store/ledger.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

bool has_begun(const Workspace& workspace, const std::string& session,
               const std::string& flow_branch) {
  const auto slots = workspace.slots().worktrees();
  if (std::ranges::any_of(
          slots, [&](const Slot& slot) { return slot.claim && slot.claim->session == session; }))
    return true;
  Ledger ledger(workspace.repository(), session);
  const FlowFacts flow = ledger.flow(flow_branch);
  return !flow.merged.empty() || !ledger.task_branches(flow).empty();
}

bool is_renamed(const Workspace& workspace, const StoredPlan& stored) {
  const std::string& own = stored.plan.session_id;
  return own != stored.session && is_session(own) &&
         has_begun(workspace, own, stored.plan.flow_branch);
}

std::string message(const StoredPlan& stored) {
  return fmt::format(
      "plan '{0}' has session_id '{1}', and tasks of '{1}' have begun: here they "
      "are not seen",
      stored.session, stored.plan.session_id);
}

/// A branch that was renamed gets its name back; of one that was copied the other one is there.
std::vector<Hint> ways_out(const Workspace& workspace, const StoredPlan& stored) {
  const std::string& own = stored.plan.session_id;
  const bool is_copy = git::read_ref(workspace.repository(), ref_names::plan_ref(own)).has_value();
  return {is_copy ? Hint{fmt::format("to go on with those, run: git plan use {}", own)}
                  : Hint{fmt::format("to give it its name back, run: git branch -m {} {}",
                                     ref_names::plan_branch(stored.session),
                                     ref_names::plan_branch(own))},
          Hint{fmt::format("to begin all of it anew, set its session_id to '{0}'; to do that, run: "
                           "git plan edit --plan={0}",
                           stored.session)}};
}

}  // namespace

void refuse_renamed(const Workspace& workspace, const PlanView& view) {
  if (!is_renamed(workspace, view.stored())) return;
  throw Error(ErrorKind::wrong_state, {message(view.stored())}, ways_out(workspace, view.stored()))
      .with_code("other_session");
}

void warn_of_renamed(Workspace& workspace, const StoredPlan& stored) {
  if (!is_renamed(workspace, stored)) return;
  const Diagnostic warning{Severity::warning, "other_session", message(stored), "", std::nullopt};
  const auto& said = workspace.warnings();
  if (std::ranges::find(said, warning) != said.end()) return;
  workspace.warn(warning);
  workspace.hint(ways_out(workspace, stored).front().text);
}

}  // namespace gitplan
