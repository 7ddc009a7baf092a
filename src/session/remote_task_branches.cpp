#include "session/remote_task_branches.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

#include "git/objects.hpp"
#include "git/worktrees.hpp"
#include "plan/ids.hpp"
#include "remote/git_hub.hpp"
#include "session/following.hpp"
#include "session/kept_refs.hpp"
#include "session/shared_remote.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

/// It was started over here, and the host lets no branch go.
bool is_attempt(const git::Repository& repository, const git::Ref& there) {
  const auto all = git::list_refs(repository, std::string(ref_names::attempt_prefix));
  return std::ranges::find(all, there.target, &git::Ref::target) != all.end();
}

/// Whether a task branch as the remote has it is to be had here: it is not merged, checked out or
/// gone another way.
bool is_task_branch_behind(const git::Repository& repository, const git::Ref& there,
                           const std::optional<git::Oid>& here,
                           const std::optional<git::Oid>& flow) {
  if (here == there.target || !ref_names::parse_task_branch(there.name)) return false;
  if (here && !git::worktrees_of_branch(repository, there.name).empty()) return false;
  if (flow && git::is_ancestor(repository, there.target, *flow)) return false;
  if (!here && is_attempt(repository, there)) return false;
  return !here || git::is_ancestor(repository, *here, there.target);
}

using Owners = std::set<std::string>;

/// The sessions whose metadata file for the number of a task branch stands in its tree.
Owners owners_of(const git::Repository& repository, const git::Oid& tip, std::uint32_t number) {
  Owners owners;
  const auto folder = git::entry_at(repository, git::tree_of(repository, tip), ".plan");
  if (!folder || !folder->is_tree()) return owners;
  for (const git::TreeEntry& session : git::list_tree(repository, folder->oid)) {
    if (!session.is_tree() || !is_session(session.name)) continue;
    for (const git::TreeEntry& file : git::list_tree(repository, session.oid)) {
      const auto name = ref_names::parse_task_file(file.name);
      if (name && task_number(name->id) == number) owners.insert(session.name);
    }
  }
  return owners;
}

/// Plans that the remote has, and none that is here alone: somebody else's branch must not become
/// that of a private task.
bool are_shared(const Workspace& workspace, const Owners& owners) {
  bool is_shared = false;
  for (const std::string& session : owners) {
    const std::string plan = ref_names::plan_ref(session);
    const bool is_there = workspace.shared_remote()->seen(plan).has_value();
    if (!is_there && git::read_ref(workspace.repository(), plan)) return false;
    is_shared = is_shared || is_there;
  }
  return is_shared;
}

}  // namespace

std::string branches_of_task(const std::string& task) {
  return fmt::format("{}{}-*", ref_names::task_prefix, task);
}

bool lags_behind(const Workspace& workspace, const SharedTask& task, const git::Ref& there) {
  const git::Repository& repository = workspace.repository();
  const std::uint32_t number = task_number(task.id).value_or(0);
  const Owners owners = owners_of(repository, there.target, number);
  if (!owners.contains(task.session) || !are_shared(workspace, owners)) return false;
  const auto here = git::read_ref(repository, there.name);
  if (!here) return !is_attempt(repository, there);
  return there.name == ref_names::branch_ref(task.branch) && here != there.target &&
         !git::is_ancestor(repository, there.target, *here) &&
         git::worktrees_of_branch(repository, there.name).empty();
}

void follow_task_branches(const Workspace& workspace, const std::string& flow_branch) {
  const auto flow = flow_tip(workspace, flow_branch);
  const git::Repository& repository = workspace.repository();
  const SharedRemote& shared = *workspace.shared_remote();
  const std::vector<std::string> all{fmt::format("{}*", ref_names::task_prefix)};
  for (const auto& [name, there] :
       remote::last_seen(repository, shared.remote(), shared.names(), all)) {
    const auto here = git::read_ref(repository, name);
    const auto task = ref_names::parse_task_branch(name);
    const auto number = task ? task_number(task->id) : std::nullopt;
    if (number && is_task_branch_behind(repository, {name, there}, here, flow) &&
        are_shared(workspace, owners_of(repository, there, *number)))
      git::compare_and_swap(repository, name, here, there, "as on " + shared.remote());
  }
}

void take_remote_branch(const Workspace& workspace, const SharedTask& task) {
  const SharedRemote& shared = *workspace.shared_remote();
  const git::Repository& repository = workspace.repository();
  for (const auto& [ref, there] : remote::last_seen(repository, shared.remote(), shared.names(),
                                                    std::vector{branches_of_task(task.id)})) {
    if (!lags_behind(workspace, task, {ref, there})) continue;
    const auto here = git::read_ref(repository, ref);
    if (here && !git::is_ancestor(repository, *here, there))
      (void)keep_as_attempt(repository, {ref, *here}, task.session, task.id);
    git::compare_and_swap(repository, ref, git::read_ref(repository, ref), there,
                          "as on " + shared.remote());
  }
}

}  // namespace gitplan
