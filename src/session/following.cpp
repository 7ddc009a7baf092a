#include "session/following.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "git/merge.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "git/worktrees.hpp"
#include "session/plan_checkouts.hpp"
#include "session/publishing.hpp"
#include "session/remote_task_branches.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan {

std::optional<git::Oid> flow_tip(const Workspace& workspace, const std::string& flow_branch) {
  const std::string ref = ref_names::branch_ref(flow_branch);
  const auto here = git::read_ref(workspace.repository(), ref);
  const SharedRemote* shared = workspace.shared_remote();
  const auto seen = shared != nullptr ? shared->seen(ref) : std::nullopt;
  if (!seen || seen == here) return here;
  if (!here || git::is_ancestor(workspace.repository(), *here, *seen)) return seen;
  return here;
}

void follow_flow(const Workspace& workspace, const std::string& flow_branch) {
  const git::Repository& repository = workspace.repository();
  const std::string ref = ref_names::branch_ref(flow_branch);
  const auto seen = workspace.shared_remote()->seen(ref);
  const auto here = git::read_ref(repository, ref);
  if (!seen || seen == here || (here && !git::is_ancestor(repository, *here, *seen))) return;
  const std::string log = "as on " + workspace.shared_remote()->remote();
  if (!here) {
    git::compare_and_swap(repository, ref, std::nullopt, *seen, log);
    return;
  }
  const auto moved = git::advance_branch(repository, ref, *here, *seen, log);
  if (moved.update == git::FlowUpdate::moved || moved.update == git::FlowUpdate::lost_race) return;
  workspace.note(fmt::format(
      "branch '{}' stays behind that of remote '{}': a checkout is in the way",
      text::printable(flow_branch), text::printable(workspace.shared_remote()->remote())));
}

void follow_shared(const Workspace& workspace, const std::string& session,
                   const std::string& flow_branch, Held held) {
  const SharedRemote* shared = workspace.shared_remote();
  if (shared == nullptr) return;
  const auto may_move = [&](const std::string& ref) {
    return held == Held::follow || git::worktrees_of_branch(workspace.repository(), ref).empty();
  };
  const std::string plan = ref_names::plan_ref(session);
  if (may_move(plan) && follow_seen(workspace.repository(), *shared, plan) == Followed::has_moved)
    note_checkouts(workspace, session);
  if (may_move(ref_names::branch_ref(flow_branch))) follow_flow(workspace, flow_branch);
  follow_task_branches(workspace, flow_branch);
}

}  // namespace gitplan
