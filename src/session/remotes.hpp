// The remotes that a repository knows.
#pragma once

#include <optional>
#include <set>
#include <string>

namespace gitplan::git {
class Repository;
}  // namespace gitplan::git

namespace gitplan {

class Workspace;

/// Their names may have slashes, as those of branches do: only git's configuration says where one
/// ends. Runs git.
std::set<std::string> remotes_of(const git::Repository& repository);

/// The branch that HEAD of checkout.defaultRemote is, else of origin, else of the only remote:
/// "main". Nothing where none is known.
std::optional<std::string> remote_head(const Workspace& workspace);

/// "origin/plan/x" for the branch "plan/x", where a remote has been seen to have it.
std::optional<std::string> remote_branch(const Workspace& workspace, const std::string& branch);

}  // namespace gitplan
