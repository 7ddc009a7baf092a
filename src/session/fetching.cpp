#include "session/fetching.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "git/worktrees.hpp"
#include "plan/ids.hpp"
#include "remote/git_hub.hpp"
#include "session/believed_flow.hpp"
#include "session/flow.hpp"
#include "session/following.hpp"
#include "session/kept_refs.hpp"
#include "session/publishing.hpp"
#include "session/workspace.hpp"
#include "store/ledger.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

std::string all_below(std::string_view prefix, std::string_view folder = {}) {
  return fmt::format("{}{}*", prefix, folder);
}

std::set<std::string> shared_flows(const Workspace& workspace) {
  std::set<std::string> flows;
  for (const std::string& session : shared_sessions(workspace)) {
    if (auto flow = shared_flow(workspace, session)) flows.insert(*std::move(flow));
  }
  return flows;
}

void look_at(Publishing& publishing, const std::set<std::string>& flows,
             std::vector<std::string> patterns) {
  for (const std::string& flow : flows) patterns.push_back(ref_names::branch_ref(flow));
  publishing.look(patterns);
}

bool is_merged(const Workspace& workspace, const git::Oid& commit) {
  return std::ranges::any_of(shared_flows(workspace), [&](const std::string& flow) {
    const auto tip = flow_tip(workspace, flow);
    return tip && git::is_ancestor(workspace.repository(), commit, *tip);
  });
}

/// What nothing else has becomes an attempt. False: nobody knows at what.
bool put_away(const Workspace& workspace, const git::Ref& ref) {
  const git::Repository& repository = workspace.repository();
  const auto task = ref_names::parse_task_branch(ref.name);
  if (!task || is_merged(workspace, ref.target))
    return !git::delete_refs(repository, {ref}).empty();
  const auto session = session_naming(repository, ref.target, ref_names::branch_name(ref.name));
  return session && keep_as_attempt(repository, ref, *session, task->id);
}

/// Branches here that were copies of what is gone there: plans that were deleted, tasks that were
/// started over.
void forget_gone(const Workspace& workspace, const remote::SeenRefs& before) {
  const git::Repository& repository = workspace.repository();
  for (const auto& [ref, commit] : before) {
    if (workspace.shared_remote()->seen(ref) || git::read_ref(repository, ref) != commit ||
        is_unfit_branch(workspace, ref_names::branch_name(ref)) ||
        !git::worktrees_of_branch(repository, ref).empty() || !put_away(workspace, {ref, commit}))
      continue;
    workspace.note(fmt::format("'{}' is gone on {}; it was at {}",
                               text::printable(ref_names::branch_name(ref)),
                               text::printable(workspace.shared_remote()->remote()), commit.hex()));
  }
}

}  // namespace

std::set<std::string> shared_sessions(const Workspace& workspace) {
  const SharedRemote& shared = *workspace.shared_remote();
  const std::array pattern{all_below(ref_names::plan_prefix)};
  std::set<std::string> sessions;
  for (const auto& [ref, object] :
       remote::last_seen(workspace.repository(), shared.remote(), shared.names(), pattern)) {
    std::string session = ref_names::session_of(ref);
    if (is_session(session)) sessions.insert(std::move(session));
  }
  return sessions;
}

std::optional<std::string> shared_flow(const Workspace& workspace, const std::string& session) try {
  const auto seen = workspace.shared_remote()->seen(ref_names::plan_ref(session));
  if (!seen) return std::nullopt;
  std::string flow = workspace.store().peek_at(session, *seen).plan.flow_branch;
  if (!is_branch_name(flow) || is_reserved_branch(flow)) return std::nullopt;
  return flow;
} catch (const Error& error) {
  workspace.note(error.what());
  return std::nullopt;
}

/// Which flow branches there are the plans say: mostly the ones that are known.
void fetch_all(const Workspace& workspace, Publishing& publishing) {
  const SharedRemote& shared = *workspace.shared_remote();
  const std::array branches{all_below(ref_names::plan_prefix), all_below(ref_names::task_prefix)};
  const auto before =
      remote::last_seen(workspace.repository(), shared.remote(), shared.names(), branches);
  publishing.look({all_below(shared.names().prefix(), "beat/")});
  const std::vector<std::string> patterns{all_below(ref_names::plan_prefix),
                                          all_below(ref_names::task_prefix),
                                          all_below(shared.names().prefix(), "claims/")};
  auto known = shared_flows(workspace);
  std::erase_if(known, [&](const auto& flow) { return !shared.seen_branch(flow); });
  look_at(publishing, known, patterns);
  const auto flows = shared_flows(workspace);
  std::set<std::string> others = flows;
  for (const std::string& flow : known) others.erase(flow);
  if (!others.empty()) look_at(publishing, others, {});
  for (const std::string& flow : flows) {
    auto all = patterns;
    all.push_back(ref_names::branch_ref(flow));
    shared.note_current(flow, std::move(all));
  }
  forget_gone(workspace, before);
}

void fetch_shared(const Workspace& workspace) {
  const SharedRemote* shared = workspace.shared_remote();
  if (shared == nullptr) return;
  Publishing publishing(workspace.repository(), *shared);
  fetch_all(workspace, publishing);
  for (const std::string& session : shared_sessions(workspace)) {
    const auto flow = shared_flow(workspace, session);
    if (!flow) continue;
    if (is_own_flow(workspace, *flow, std::span(&session, 1))) {
      follow_shared(workspace, session, *flow, Held::stay);
    } else {
      follow_theirs(workspace, session, *flow);
    }
  }
}

void add_remote(const Workspace& workspace, Json& object) {
  const SharedRemote* shared = workspace.shared_remote();
  if (shared == nullptr || workspace.is_writing() || object.contains("remote")) return;
  const auto at = shared->fetched_at();
  object["remote"] =
      Json{{"name", shared->remote()}, {"fetched_at", at ? Json(rfc3339(*at)) : Json(nullptr)}};
}

}  // namespace gitplan
