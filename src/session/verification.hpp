// A command that must succeed on a tree before anything is built on it.
#pragma once

#include <functional>
#include <string>

#include "git/oid.hpp"

namespace gitplan {

class Workspace;

/// Runs it (sh -c) in a checkout of the commit that has what a worktree has besides; its output
/// goes to standard error. Its exit status, 128 + signal if it was killed; 0 at once for a tree on
/// which it was that lately. One that `is_cut_short` has not succeeded, whatever it says.
int verify(const Workspace& workspace, const git::Oid& commit, const std::string& command_line,
           const std::function<bool()>& is_cut_short = {});

}  // namespace gitplan
