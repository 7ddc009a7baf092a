#include "session/taking_over.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "remote/git_hub.hpp"
#include "session/kept_refs.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

std::string branches_of(const PlanView& view, TaskIndex index) {
  return fmt::format("{}{}-*", ref_names::task_prefix, view.task(index).id);
}

/// The branch of a task that was taken over: the one that its claim names, else the only one.
std::optional<git::Ref> branch_there(const Workspace& workspace, const PlanView& view,
                                     TaskIndex index, const remote::StandingClaim& taken) {
  const SharedRemote& shared = *workspace.shared_remote();
  const std::vector<std::string> pattern{branches_of(view, index)};
  const auto seen =
      remote::last_seen(workspace.repository(), shared.remote(), shared.names(), pattern);
  const std::string named =
      taken.claim ? ref_names::branch_ref(taken.claim->branch) : std::string();
  if (const auto found = seen.find(named); found != seen.end())
    return git::Ref{named, found->second};
  if (seen.size() != 1) return std::nullopt;
  return git::Ref{seen.begin()->first, seen.begin()->second};
}

void follow_taken(const Workspace& workspace, const PlanView& view, TaskIndex index,
                  const remote::StandingClaim& taken) {
  const git::Repository& repository = workspace.repository();
  const auto there = branch_there(workspace, view, index, taken);
  if (!there) return;
  auto here = git::read_ref(repository, there->name);
  if (here == there->target || (here && git::is_ancestor(repository, there->target, *here))) return;
  if (here && !git::is_ancestor(repository, *here, there->target)) {
    if (const auto kept =
            keep_as_attempt(repository, {there->name, *here}, view.session(), view.task(index).id))
      workspace.note(fmt::format("what '{}' had here is {} now",
                                 text::printable(ref_names::branch_name(there->name)), *kept));
    here.reset();
  }
  git::compare_and_swap(repository, there->name, here, there->target,
                        "as on " + workspace.shared_remote()->remote());
}

}  // namespace

std::optional<remote::StandingClaim> take_over(const Workspace& workspace, const PlanView& view,
                                               const Wanted& wanted) {
  const Claiming claimed = claim_tasks(workspace, view, std::span(&wanted, 1), Take::held_ones);
  if (claimed.is_stale || claimed.taken.empty()) return std::nullopt;
  const remote::StandingClaim& taken = claimed.taken.front();
  workspace.note(fmt::format("task '{}' was claimed by {}; it is this machine's now",
                             text::printable(view.task(wanted.task).id),
                             describe(SeenClaim{taken, false})));
  follow_taken(workspace, view, wanted.task, taken);
  return taken;
}

}  // namespace gitplan
