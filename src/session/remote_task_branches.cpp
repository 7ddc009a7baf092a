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

/// The sessions whose metadata file for the number of a task branch stands in its tree.
std::set<std::string> owners_of(const git::Repository& repository, const git::Oid& tip,
                                std::uint32_t number) {
  std::set<std::string> owners;
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

/// It is of plans that the remote has, and of none that is here alone: somebody else's branch must
/// not become that of a private task.
bool is_of_shared_plans(const git::Repository& repository, const SharedRemote& shared,
                        const git::Oid& tip, std::uint32_t number) {
  bool is_shared = false;
  for (const std::string& session : owners_of(repository, tip, number)) {
    const std::string plan = ref_names::plan_ref(session);
    const bool is_there = shared.seen(plan).has_value();
    if (!is_there && git::read_ref(repository, plan)) return false;
    is_shared = is_shared || is_there;
  }
  return is_shared;
}

}  // namespace

std::string branches_of_task(const std::string& task) {
  return fmt::format("{}{}-*", ref_names::task_prefix, task);
}

bool lags_behind(const git::Repository& repository, const git::Ref& there,
                 const std::string& branch) {
  const auto here = git::read_ref(repository, there.name);
  if (!here) return !is_attempt(repository, there);
  return there.name == ref_names::branch_ref(branch) && here != there.target &&
         !git::is_ancestor(repository, there.target, *here) &&
         git::worktrees_of_branch(repository, there.name).empty();
}

bool is_task_branch_behind(const git::Repository& repository, const git::Ref& there,
                           const std::optional<git::Oid>& here,
                           const std::optional<git::Oid>& flow) {
  if (here == there.target || !ref_names::parse_task_branch(there.name)) return false;
  if (here && !git::worktrees_of_branch(repository, there.name).empty()) return false;
  if (flow && git::is_ancestor(repository, there.target, *flow)) return false;
  if (!here && is_attempt(repository, there)) return false;
  return !here || git::is_ancestor(repository, *here, there.target);
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
        is_of_shared_plans(repository, shared, there, *number))
      git::compare_and_swap(repository, name, here, there, "as on " + shared.remote());
  }
}

void take_remote_branch(const Workspace& workspace, const std::string& session,
                        const std::string& task, const std::string& branch) {
  const SharedRemote& shared = *workspace.shared_remote();
  const git::Repository& repository = workspace.repository();
  for (const auto& [ref, there] : remote::last_seen(repository, shared.remote(), shared.names(),
                                                    std::vector{branches_of_task(task)})) {
    if (!lags_behind(repository, {ref, there}, branch)) continue;
    const auto here = git::read_ref(repository, ref);
    if (here && !git::is_ancestor(repository, *here, there))
      (void)keep_as_attempt(repository, {ref, *here}, session, task);
    git::compare_and_swap(repository, ref, git::read_ref(repository, ref), there,
                          "as on " + shared.remote());
  }
}

}  // namespace gitplan
