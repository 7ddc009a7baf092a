#include "git/follower.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <vector>

#include "base/fd.hpp"
#include "git/checkout_changes.hpp"
#include "git/repository.hpp"
#include "git/worktrees.hpp"

namespace gitplan::git {
namespace {

Checkout checkout_of(const Worktree& worktree) { return {worktree.path, worktree.admin_folder}; }

// Only a linked worktree must have its .git: the main one may be known by core.worktree.
bool is_there(const Worktree& worktree) {
  std::error_code error;
  if (worktree.is_main) return std::filesystem::is_directory(worktree.path, error);
  return belongs(checkout_of(worktree));
}

// Something that the user has begun there and not concluded.
bool is_in_the_middle(const Worktree& worktree) {
  constexpr std::array kSigns = {"/MERGE_HEAD",     "/CHERRY_PICK_HEAD", "/REVERT_HEAD",
                                 "/sequencer/todo", "/rebase-merge",     "/rebase-apply",
                                 "/BISECT_LOG"};
  return worktree.rebasing || std::ranges::any_of(kSigns, [&](const char* sign) {
           return exists(worktree.admin_folder + sign);
         });
}

FlowResult shared_by(const std::vector<Worktree>& holders) {
  FlowResult result{FlowUpdate::shared, "", {}};
  for (const Worktree& holder : holders) result.paths.push_back(holder.path);
  return result;
}

FlowResult refusal_of_absent(const Repository& repository, const Worktree& holder) {
  if (holder.is_main) return {FlowUpdate::unplaced, repository.common_dir(), {}};
  return {FlowUpdate::away, holder.path, {}};
}

}  // namespace

std::variant<std::optional<Checkout>, FlowResult> follower_of(const Repository& repository,
                                                              const std::string& branch) {
  std::vector<Worktree> holders = worktrees_of_branch(repository, branch);
  // Git does not know it either: the making of it, or its removal, was cut off.
  std::erase_if(holders, [](const Worktree& w) { return w.path.empty() && !w.is_main; });
  if (holders.empty()) return std::nullopt;
  if (holders.size() > 1) return shared_by(holders);
  const Worktree& holder = holders.front();
  if (!is_there(holder)) return refusal_of_absent(repository, holder);
  if (is_in_the_middle(holder)) {
    return FlowResult{FlowUpdate::busy, holder.path, unmerged_paths(checkout_of(holder))};
  }
  return checkout_of(holder);
}

}  // namespace gitplan::git
