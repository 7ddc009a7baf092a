// What a repository's own config says about its format and its work tree.
#pragma once

#include <optional>
#include <string>

struct git_repository;

namespace gitplan::git {

struct Layout {
  std::optional<bool> bare;              ///< core.bare
  std::optional<std::string> work_tree;  ///< core.worktree, as written
};

struct Format {
  Layout main;                      ///< of the main worktree
  Layout here;                      ///< of this git folder: a linked worktree has its own, if any
  bool relative_worktrees = false;  ///< extensions.relativeWorktrees: fit for git from 2.48 on
};

/// Reads "<common>/config" and config.worktree. Throws Error(fatal) for a format that libgit2
/// cannot read, naming what it is.
Format read_format(git_repository* repository, const std::string& git_dir,
                   const std::string& common_dir);

}  // namespace gitplan::git
