// Worktrees as git records them. Listing reads the admin folders in process.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/oid.hpp"

namespace gitplan::git {

class Repository;

struct Worktree {
  std::string path;  ///< absolute top folder; of the main one empty, if the repository is bare or
                     ///< nothing tells where it stands
  std::string admin_folder;  ///< "<common>/worktrees/<id>", or the common folder for the main one
  std::string id;            ///< "" for the main one
  std::string branch;  ///< full ref name that it has checked out, or that a rebase or bisect under
                       ///< way will return to; "" if detached
  bool rebasing = false;    ///< `branch` is from a rebase (rebase-merge/head-name,
                            ///< rebase-apply/head-name) or bisect
  std::optional<Oid> head;  ///< detached HEAD's commit; nothing if on a branch
  bool is_main = false;
  bool missing = false;  ///< its folder, or the folder's .git, is gone
};

/// The main one first. Admin folders that are half made are listed with what they say.
std::vector<Worktree> list_worktrees(const Repository& repository);

/// All but the main one.
std::vector<Worktree> linked_worktrees(const std::string& common_dir);

/// Whoever has `branch` (full name) checked out, rebases included; one that is there before one
/// that is missing.
std::optional<Worktree> worktree_of_branch(const Repository& repository, const std::string& branch);

/// All who have `branch` (full name) checked out, rebases included, by that name or by one that
/// leads to it as a symbolic ref.
std::vector<Worktree> worktrees_of_branch(const Repository& repository, const std::string& branch);

}  // namespace gitplan::git
