#include "session/shared_deletion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "plan/ids.hpp"
#include "session/claiming.hpp"
#include "session/flow.hpp"
#include "session/publishing.hpp"
#include "session/settled_claims.hpp"
#include "session/view.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

/// Whose beat the push moves. A plan that nobody can read is deleted, too.
std::string flow_of(const Workspace& workspace, const std::string& session,
                    const git::Oid& commit) try {
  return workspace.store().peek_at(session, commit).plan.flow_branch;
} catch (const Error&) {
  return default_flow_branch(workspace);
}

[[noreturn]] void refuse_claim(const std::string& session, const std::string& task,
                               const SeenClaim& claim) {
  throw Error(ErrorKind::wrong_state,
              fmt::format("task '{}' of plan '{}' is claimed by {}", text::printable(task),
                          text::printable(session), describe(claim)),
              Hint{fmt::format("to delete the plan all the same, run: git plan delete -f {}",
                               text::shell_quote(session))})
      .with_code("claimed");
}

[[noreturn]] void refuse_moved(const SharedRemote& shared, const std::string& session) {
  throw Error(ErrorKind::lost_race,
              fmt::format("plan '{}' is at another commit on remote '{}'", text::printable(session),
                          text::printable(shared.remote())),
              Hint{"to have it here, run: git plan sync"});
}

/// What stands there of branches that went here.
void end_branches(const Workspace& workspace, const remote::Seen& seen,
                  std::span<const git::Ref> removed, remote::Transaction& made) {
  for (const git::Ref& ref : removed) {
    const auto there = seen.at(ref.name);
    if (there && git::is_ancestor(workspace.repository(), *there, ref.target))
      made.moves.push_back({ref.name, there, std::nullopt});
  }
}

/// Of those, what the remote was seen to have.
std::vector<git::Ref> seen_of(const SharedRemote& shared, const PlanView& view,
                              std::span<const git::Ref> removed) {
  std::vector<git::Ref> known;
  for (TaskIndex i = 0; i < view.size(); ++i) {
    const TaskBranch* branch = view.task_branch(i);
    const std::string name = branch != nullptr ? ref_names::branch_ref(branch->name) : "";
    const auto found = std::ranges::find(removed, name, &git::Ref::name);
    if (found != removed.end() && shared.seen(name)) known.push_back(*found);
  }
  return known;
}

}  // namespace

void publish_clean(const Workspace& workspace, const PlanView& view,
                   std::span<const git::Ref> removed) {
  const SharedRemote* shared = workspace.shared_remote();
  if (shared == nullptr) return;
  const auto known = seen_of(*shared, view, removed);
  if (known.empty()) return end_settled_claims(workspace, view.session());
  std::vector<std::string> patterns{ref_names::plan_ref(view.session()),
                                    shared->names().claims(view.session())};
  for (const git::Ref& ref : known) patterns.push_back(ref.name);
  Publishing(workspace.repository(), *shared)
      .write(view.plan().flow_branch, patterns, [&](const remote::Seen& seen) {
        remote::Transaction made;
        end_settled(workspace, view.session(), seen, made);
        end_branches(workspace, seen, known, made);
        return std::optional(made);
      });
}

void publish_deletion(const Workspace& workspace, const std::string& session,
                      const git::Oid& commit, HeldClaims held) {
  const SharedRemote* shared = workspace.shared_remote();
  const std::string plan = ref_names::plan_ref(session);
  if (shared == nullptr || !shared->seen(plan)) return;
  const auto decide = [&](const remote::Seen& seen) -> std::optional<remote::Transaction> {
    const auto there = seen.at(plan);
    if (!there) return std::nullopt;
    if (there != commit) refuse_moved(*shared, session);
    remote::Transaction made;
    made.moves.push_back({plan, there, std::nullopt});
    for (const auto& [ref, object] : seen.refs) {
      const auto name = shared->names().parse(ref);
      const auto* claim = name ? std::get_if<remote::ClaimName>(&*name) : nullptr;
      if (claim == nullptr || claim->session != session) continue;
      const auto standing = remote::standing_claim(workspace.repository(), object);
      if (held == HeldClaims::refuse && remote::is_held(standing))
        refuse_claim(session, format_task_id(claim->task), {standing, false});
      made.moves.push_back({ref, object, std::nullopt});
    }
    return made;
  };
  Publishing(workspace.repository(), *shared)
      .write(flow_of(workspace, session, commit), {plan, shared->names().claims(session)}, decide);
}

}  // namespace gitplan
