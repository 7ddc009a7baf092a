// A plan that somebody pushed names a flow branch: what of that this clone believes. Whoever can
// push may name any branch of anybody.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>

namespace gitplan {

class Workspace;

/// The name of the plan's flow branch as the remote has it, with a note where that can be none;
/// nothing then, and for a plan that cannot be read.
std::optional<std::string> believed_flow(const Workspace& workspace, const std::string& session);

/// This clone works on it: it is its own setting, it was made here, or one of the plans said so
/// here before and the branch holds files of it. Only of such a branch what is here is published,
/// and only such a one is made, or moved where it stands.
bool is_own_flow(const Workspace& workspace, const std::string& flow_branch,
                 std::span<const std::string> sessions);

/// The same as follow_shared for plans of another flow branch, which is only made here where it is
/// there and not here.
void follow_theirs(const Workspace& workspace, const std::string& session,
                   const std::string& flow_branch);

/// The remote has something else than a commit there.
bool is_unfit_branch(const Workspace& workspace, const std::string& branch);
/// Notes all such branches of plans and tasks, and of these.
void name_unfit_branches(const Workspace& workspace, const std::set<std::string>& flow_branches);

}  // namespace gitplan
