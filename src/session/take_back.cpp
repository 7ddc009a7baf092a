#include "session/take_back.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/worktrees.hpp"
#include "plan/ids.hpp"
#include "session/flow_walk.hpp"
#include "session/run_facts.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

bool is_merge_of(const git::Commit& commit, const PlanView& view, TaskIndex index) {
  if (commit.parents.size() < 2 ||
      commit.message.find("\nPlan: " + view.session() + "\n") == std::string::npos)
    return false;
  const auto all = parse_trailers(commit.message);
  return std::ranges::any_of(
      all, [&](const RunFacts& facts) { return same_task(facts.task, view.task(index).id); });
}

/// Merges of what came to its branch after the one that brought it, newest first.
std::vector<git::Oid> later_merges(const git::Repository& repository, const PlanView& view,
                                   TaskIndex index, const git::Oid& first) {
  constexpr int most_commits = 10'000;
  std::vector<git::Oid> merges;
  git::Oid at = *view.flow().commit;
  for (int count = 0; at != first && count < most_commits; ++count) {
    const git::Commit commit = git::read_commit(repository, at);
    if (is_merge_of(commit, view, index)) merges.push_back(at);
    if (commit.parents.empty()) break;
    at = commit.parents.front();
  }
  return merges;
}

/// The arguments of git revert.
std::string what_to_revert(const git::Repository& repository, const PlanView& view, TaskIndex index,
                           const Arrival& arrival) {
  const std::string first = arrival.first.id.abbreviated();
  if (arrival.first.parents.size() > 1) {
    std::string words = "-m 1";
    for (const git::Oid& later : later_merges(repository, view, index, arrival.first.id))
      words += " " + later.abbreviated();
    return words + " " + first;
  }
  if (arrival.first.id == arrival.last.id) return first;
  return fmt::format("{}^..{}", first, arrival.last.id.abbreviated());
}

/// Where flow is checked out; nothing if it is nowhere.
std::optional<std::string> checkout_of_flow(const Workspace& workspace, const PlanView& view) {
  const auto holder = git::worktree_of_branch(workspace.repository(),
                                              ref_names::branch_ref(view.plan().flow_branch));
  return holder && !holder->missing && !holder->path.empty() ? std::optional(holder->path)
                                                             : std::nullopt;
}

}  // namespace

Hint how_to_take_back(const Workspace& workspace, const PlanView& view, TaskIndex index) {
  const std::string task =
      text::shell_quote(fmt::format("{}/{}", view.session(), view.task(index).id));
  const auto all = arrivals(workspace.repository(), view);
  const auto arrival = all.find(task_number(view.task(index).id).value_or(0));
  if (arrival == all.end()) return Hint{"to see it, run: git task show " + task};
  const std::string revert =
      "revert --no-edit " + what_to_revert(workspace.repository(), view, index, arrival->second);
  const std::string why = "to take its merge back and start it over, run:";
  if (const auto checkout = checkout_of_flow(workspace, view)) {
    return Hint{fmt::format("{} git -C {} {} && git task reset {}", why,
                            text::shell_quote(*checkout), revert, task)};
  }
  const SlotsPlace& place = workspace.slots().place();
  const std::string folder =
      text::shell_quote(fmt::format("{}/{}/take-back", place.root, place.folder));
  return Hint{
      fmt::format("{0} git worktree add -q {1} {2} && git -C {1} {3} && git worktree remove "
                  "{1} && git task reset {4}",
                  why, folder, text::shell_quote(view.plan().flow_branch), revert, task)};
}

}  // namespace gitplan
