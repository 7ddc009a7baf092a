// Filling a worktree as `git worktree add` does.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/oid.hpp"
#include "git/process.hpp"

namespace gitplan::git {

class Config;
class Repository;

/// Words of the git command that gives a worktree the files of its HEAD, over whatever stands
/// there. Submodules are left alone, whatever submodule.recurse says.
std::vector<std::string> words_to_fill();

/// Of such a command: git's messages in English, and filters in UTF-8.
Command command_to_fill();

/// Runs the post-checkout hook in the folder (by descriptor) as `git worktree add` does: told that
/// nothing was checked out there before, and of no git folder. Its output goes to standard error.
/// It can change nothing about the checkout: returns what to tell if it failed.
std::optional<std::string> run_post_checkout(const Repository& repository, const Config& config,
                                             int folder_fd, const Oid& checked_out);

}  // namespace gitplan::git
