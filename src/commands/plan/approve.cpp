#include "commands/plan/approve.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "session/approval.hpp"
#include "session/guard.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

/// Its plan is the same, but for who approved it.
bool repeats(const toml_io::Approval& latest, const toml_io::Approval& next,
             const ApprovalState& state) {
  const bool same_note = next.note.empty() || next.note == latest.note;
  return state.unapproved.empty() && latest.version == next.version && latest.by == next.by &&
         same_note;
}

/// Nobody has seen what came with the remote's answer. It is here now: who looks at it may approve
/// it.
void refuse_unseen(const Workspace& workspace, const StoredPlan& current,
                   const git::Oid& looked_at) {
  if (workspace.shared_remote() == nullptr || current.commit == looked_at) return;
  throw Error(ErrorKind::lost_race,
              fmt::format("plan '{}' has changed on remote '{}' since it was seen here",
                          text::printable(current.session),
                          text::printable(workspace.shared_remote()->remote())),
              Hint{fmt::format("to see what would be approved, run: git plan show {}",
                               text::shell_quote(current.session))})
      .with_code("changed_meanwhile");
}

}  // namespace

ApproveResult approve_plan(Workspace& workspace, const std::string& session,
                           const ApproveRequest& request) {
  const git::Oid looked_at = workspace.store().locate(session).commit;
  workspace.begin_write();
  ApproveResult result;
  result.session = session;
  const auto approve = [&](const StoredPlan& current, const std::string& toml) {
    refuse_unseen(workspace, current, looked_at);
    refuse_other_version(current.plan, request.expected_version);
    toml_io::Approval& approval = result.approval;
    approval.version = current.plan.version;
    approval.at = rfc3339(now());
    approval.by = git::committer_name(workspace.repository());
    approval.note = text::trim(request.note);
    approval.commit = current.commit.hex();
    result.total_tasks = current.plan.tasks.size();
    const PlanView view(workspace, current);
    const ApprovalState state = approval_state(workspace, view);
    if (state.latest && repeats(*state.latest, approval, state)) {
      approval = *state.latest;
      return toml;
    }
    return toml_io::add_approval(toml, approval);
  };
  result.changed = workspace.store().annotate(session, "Approve", approve).changed;
  return result;
}

Json to_json(const ApproveResult& result) {
  Json object = new_object();
  object["success"] = true;
  object["session_id"] = result.session;
  object["plan_branch"] = ref_names::plan_branch(result.session);
  object["plan_version"] = version_text(result.approval.version);
  object["approved_by"] = result.approval.by;
  object["approved_at"] = result.approval.at;
  if (!result.approval.note.empty()) object["note"] = result.approval.note;
  object["total_tasks"] = result.total_tasks;
  object["changed"] = result.changed;
  return object;
}

}  // namespace gitplan::commands
