#include "session/believed_flow.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/config.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "session/flow.hpp"
#include "session/plan_checkouts.hpp"
#include "session/publishing.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

/// What the plan says here.
bool says_here(const Workspace& workspace, const std::string& session,
               const std::string& flow_branch) try {
  const auto here = git::read_ref(workspace.repository(), ref_names::plan_ref(session));
  return here && workspace.store().peek_at(session, *here).plan.flow_branch == flow_branch;
} catch (const Error&) {
  return false;
}

bool has_files_of(const Workspace& workspace, const git::Oid& tip, const std::string& session) {
  const git::Repository& repository = workspace.repository();
  const std::string folder = fmt::format("{}/{}", ref_names::metadata_folder, session);
  return git::entry_at(repository, git::tree_of(repository, tip), folder).has_value();
}

std::string copies_of(const SharedRemote& shared) {
  const auto kept = shared.names().kept(shared.remote(), "refs/heads/*");
  return kept ? kept->substr(0, kept->size() - 1) : std::string();
}

}  // namespace

std::optional<std::string> believed_flow(const Workspace& workspace,
                                         const std::string& session) try {
  const auto seen = workspace.shared_remote()->seen(ref_names::plan_ref(session));
  if (!seen) return std::nullopt;
  std::string flow = workspace.store().peek_at(session, *seen).plan.flow_branch;
  if (is_branch_name(flow) && !is_reserved_branch(flow)) return flow;
  workspace.note(fmt::format("plan '{}' is passed over: '{}' is no name of a flow branch",
                             text::printable(session), text::printable(flow.substr(0, 100))));
  return std::nullopt;
} catch (const Error& error) {
  workspace.note(error.what());
  return std::nullopt;
}

bool is_own_flow(const Workspace& workspace, const std::string& flow_branch,
                 std::span<const std::string> sessions) {
  if (flow_branch == default_flow_branch(workspace) ||
      flow_branch == configured_flow_branch(workspace) ||
      workspace.config().text(fmt::format("plan.{}.base", flow_branch)))
    return true;
  const auto here = git::read_ref(workspace.repository(), ref_names::branch_ref(flow_branch));
  return here && std::ranges::any_of(sessions, [&](const std::string& session) {
           return says_here(workspace, session, flow_branch) &&
                  has_files_of(workspace, *here, session);
         });
}

void follow_theirs(const Workspace& workspace, const std::string& session,
                   const std::string& flow_branch) {
  const git::Repository& repository = workspace.repository();
  const SharedRemote& shared = *workspace.shared_remote();
  if (follow_seen(repository, shared, ref_names::plan_ref(session)) == Followed::has_moved)
    note_checkouts(workspace, session);
  const std::string ref = ref_names::branch_ref(flow_branch);
  const auto seen = shared.seen(ref);
  if (seen && !git::read_ref(repository, ref))
    git::compare_and_swap(repository, ref, std::nullopt, *seen, "as on " + shared.remote());
}

bool is_unfit_branch(const Workspace& workspace, const std::string& branch) {
  const SharedRemote& shared = *workspace.shared_remote();
  const auto kept = shared.names().kept(shared.remote(), ref_names::branch_ref(branch));
  return kept && git::read_ref(workspace.repository(), *kept) && !shared.seen_branch(branch);
}

void name_unfit_branches(const Workspace& workspace, const std::set<std::string>& flow_branches) {
  const SharedRemote& shared = *workspace.shared_remote();
  const std::string start = copies_of(shared);
  for (const git::Ref& ref : git::list_refs(workspace.repository(), start)) {
    const std::string branch = ref.name.substr(start.size());
    if (!is_reserved_branch(branch) && !flow_branches.contains(branch)) continue;
    if (!is_unfit_branch(workspace, branch)) continue;
    workspace.note(fmt::format("branch '{}' of remote '{}' is passed over: it is no commit",
                               text::printable(branch), text::printable(shared.remote())));
  }
}

}  // namespace gitplan
