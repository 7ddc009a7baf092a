// The branch that flow came from, and that it is delivered into.
#pragma once

#include <optional>
#include <string>

#include "git/worktrees.hpp"

namespace gitplan {

class Workspace;

/// What HEAD of the main worktree says, of a bare repository too. Nothing reads it in a checkout
/// that is in the middle of a rebase otherwise than as git::list_worktrees does.
git::Worktree main_head(const git::Repository& repository);

/// For a flow branch that is about to be made: the branch that the main worktree's HEAD names, or
/// the one that it starts from, becomes plan.base (plan.<flow>.base, if it is not the configured
/// flow branch), whatever was noted of an earlier branch; a note says so where that was another.
/// Where HEAD names none, what is known stays. Other flow branches keep theirs.
void note_base(const Workspace& workspace, const std::string& flow_branch,
               const std::optional<std::string>& start);

/// As noted, or else what the remote's HEAD is; it may be gone. Nothing if neither is known.
std::optional<std::string> base_of(const Workspace& workspace, const std::string& flow_branch);

struct BaseAhead {
  std::string branch;
  int commits = 0;
};
/// How many commits of the base flow lacks, merges and what was delivered from flow aside. Nothing
/// if there are none, or no such branch.
std::optional<BaseAhead> base_ahead(const Workspace& workspace, const std::string& flow_branch);

/// Notes it, with the command. `session`: a plan of this flow branch.
void say_base_ahead(const Workspace& workspace, const std::string& flow_branch,
                    const std::string& session);

}  // namespace gitplan
