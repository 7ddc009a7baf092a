// Running git inside one checkout, and in no other: a folder that lost its .git, or whose .git
// names another repository, would otherwise have git work on whatever it finds further up.
#pragma once

#include <string>
#include <vector>

#include "git/process.hpp"

namespace gitplan::git {

struct Checkout {
  std::string path;          ///< top folder
  std::string admin_folder;  ///< "<common>/worktrees/<id>", or the common folder
};

/// True if the folder's .git is the admin folder, or names it.
bool belongs(const Checkout& checkout);

/// `git <arguments>` told by options what it works on: for plumbing.
Command git_in(const Checkout& checkout, std::vector<std::string> arguments);

/// `git <arguments>` as its user would run it there, since hooks and filters see git's environment.
/// The messages are English.
Command git_as_user(const Checkout& checkout, std::vector<std::string> arguments);

/// Settings for runs that hooks see: git's messages in English, but UTF-8 stays.
std::vector<std::pair<std::string, std::string>> hook_environment();

/// True if git gave up because another git program holds a lock file.
bool met_a_lock(const Outcome& outcome);

}  // namespace gitplan::git
