#include "git/hooks_folder.hpp"

#include <unistd.h>

#include <filesystem>

#include "base/fd.hpp"
#include "git/config.hpp"
#include "git/discovery.hpp"
#include "git/process.hpp"
#include "git/repository.hpp"

namespace gitplan::git {
namespace {

/// Only git can tell what "~user/…" and "%(prefix)/…" stand for.
std::string expanded_by_git(const Repository& repository) {
  Command command;
  command.arguments = {"config", "--type=path", "--get", "core.hooksPath"};
  command.environment = {{"GIT_DIR", repository.git_dir()}};
  std::string expanded = run_git_checked(command);
  while (expanded.ends_with('\n')) expanded.pop_back();
  return expanded;
}

}  // namespace

std::string hooks_folder(const Repository& repository, const Config& config) {
  const auto path = config.text("core.hooksPath");
  if (!path || path->empty()) return join_path(repository.common_dir(), "hooks");
  const auto home = environment("HOME");
  if (home && path->starts_with("~/")) return join_path(*home, path->substr(2));
  const bool needs_git = path->starts_with('~') || path->starts_with("%(prefix)");
  return needs_git ? expanded_by_git(repository) : *path;
}

std::string folder_of_call(const Repository& repository) {
  const auto& worktree = repository.worktree();
  return worktree && exists(*worktree) ? *worktree : repository.git_dir();
}

std::optional<std::string> find_hook(const Repository& repository, const Config& config,
                                     std::string_view name) {
  std::string path = join_path(hooks_folder(repository, config), name);
  if (!path.starts_with('/')) path = join_path(folder_of_call(repository), path);
  std::error_code ignored;
  const bool runs = ::access(path.c_str(), X_OK) == 0;
  return runs && !std::filesystem::is_directory(path, ignored) ? std::optional(path) : std::nullopt;
}

}  // namespace gitplan::git
