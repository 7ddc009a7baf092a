// A commit as a user names it.
#pragma once

#include <string>

#include "git/oid.hpp"

namespace gitplan {

class Workspace;

/// What `git rev-parse` makes of the word: a branch, a tag, "HEAD~2", an abbreviated id. Throws
/// Error(not_found) if it is no commit.
git::Oid require_commit(const Workspace& workspace, const std::string& word);

/// "branch 'main'", "tag 'v1'", "remote-tracking branch 'origin/main'" or "commit '1a2b3c4'": as
/// `git merge` calls it in its message. Printable.
std::string describe_commit(const Workspace& workspace, const std::string& word,
                            const git::Oid& commit);

}  // namespace gitplan
