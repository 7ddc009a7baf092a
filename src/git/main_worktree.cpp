#include "git/main_worktree.hpp"

#include "git/discovery.hpp"
#include "git/format.hpp"
#include "git/gitfile.hpp"
#include "git/worktrees.hpp"

namespace gitplan::git {
namespace {

std::optional<std::string> top_from(std::string folder, const std::string& common_dir) {
  while (!has_git_folder(folder, common_dir)) {
    if (folder == "/") return std::nullopt;
    folder = parent_folder(folder);
  }
  return folder;
}

/// Slots stand below the main worktree, so that one of them tells where that is.
std::optional<std::string> top_above_recorded(const std::string& common_dir) {
  for (const Worktree& worktree : linked_worktrees(common_dir)) {
    if (worktree.missing) continue;
    if (auto top = top_from(parent_folder(worktree.path), common_dir)) return top;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> find_top(const GitFolder& folder, const std::optional<std::string>& here,
                                    bool is_bare) {
  const bool has_top = folder.found == GitFolder::Found::by_dot_git;
  const std::optional<std::string> start = has_top ? std::optional(folder.top) : here;
  if (start) {
    if (auto top = top_from(*start, folder.common_dir)) return top;
  }
  if (auto top = top_from(parent_folder(folder.common_dir), folder.common_dir)) return top;
  return is_bare ? std::nullopt : top_above_recorded(folder.common_dir);
}

std::optional<std::string> find_main_worktree(const GitFolder& folder, const Layout& main,
                                              const std::optional<std::string>& top) {
  if (main.bare.value_or(false)) return std::nullopt;
  if (main.work_tree) return resolve(folder.common_dir, *main.work_tree);
  return top;
}

}  // namespace gitplan::git
