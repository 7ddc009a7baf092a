#include "session/shared_deletion.hpp"

#include <fmt/format.h>

#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/ids.hpp"
#include "session/claiming.hpp"
#include "session/flow.hpp"
#include "session/publishing.hpp"
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

}  // namespace

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
