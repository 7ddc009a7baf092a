// The way out where a branch and flow conflict.
#pragma once

#include <string>

namespace gitplan {

class Workspace;

/// Hints at resolving them on a branch of its own, which starts at `other` (a revision) and takes
/// flow in: a merge of `other` into flow by plain git could take flow's metadata away, where
/// `other` has been delivered to. `options` are for the `plan merge` of it (" --plan=x", "" for
/// none), `then` is the command that goes on, "" for none; the last one removes the worktree.
void hint_at_conflicts(const Workspace& workspace, const std::string& flow_branch,
                       const std::string& other, const std::string& options,
                       const std::string& then);

/// " --plan=x" where the command was about a plan that it named, "" else.
std::string plan_word(const Workspace& workspace);

}  // namespace gitplan
