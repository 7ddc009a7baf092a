#include "session/settled_claims.hpp"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "base/error.hpp"
#include "plan/ids.hpp"
#include "remote/git_hub.hpp"
#include "session/publishing.hpp"
#include "session/view.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

bool is_settled(const PlanView& view, std::uint32_t task) {
  const auto found = view.plan().find(format_task_id(task));
  if (!found) return false;
  const Status status = view.status(static_cast<TaskIndex>(*found));
  return status == Status::completed || status == Status::failed || status == Status::cancelled;
}

}  // namespace

void end_settled(const Workspace& workspace, const std::string& session, const remote::Seen& seen,
                 remote::Transaction& made) {
  const SharedRemote& shared = *workspace.shared_remote();
  const auto plan = seen.at(ref_names::plan_ref(session));
  std::optional<PlanView> view;
  for (const auto& [ref, object] : seen.refs) {
    const auto name = shared.names().parse(ref);
    const auto* claim = name ? std::get_if<remote::ClaimName>(&*name) : nullptr;
    if (claim == nullptr || claim->session != session || !plan) continue;
    if (!view) view.emplace(workspace, workspace.store().load_at(session, *plan));
    if (is_settled(*view, claim->task)) made.moves.push_back({ref, object, std::nullopt});
  }
}

void end_settled_claims(const Workspace& workspace, const std::string& session) try {
  const SharedRemote* shared = workspace.shared_remote();
  if (shared == nullptr) return;
  const std::vector<std::string> patterns{ref_names::plan_ref(session),
                                          shared->names().claims(session)};
  remote::Seen last;
  last.refs =
      remote::last_seen(workspace.repository(), shared->remote(), shared->names(), patterns);
  remote::Transaction wanted;
  end_settled(workspace, session, last, wanted);
  if (wanted.moves.empty()) return;
  const std::string flow = workspace.store().load(session).plan.flow_branch;
  Publishing(workspace.repository(), *shared).write(flow, patterns, [&](const remote::Seen& seen) {
    remote::Transaction made;
    end_settled(workspace, session, seen, made);
    return std::optional(made);
  });
} catch (const Error& error) {
  workspace.note(fmt::format("claims of what is over stay: {}", error.what()));
}

}  // namespace gitplan
