// Moving refs through the git program: where hooks must run, and for what libgit2 does unsafely.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "git/refs.hpp"

namespace gitplan::git {

/// How one attempt at a ref ended.
struct Attempt {
  enum class Result {
    swapped,
    lost_race,
    locked,   ///< somebody holds a lock: wait and try again
    refused,  ///< a hook said no
    failed,
  };
  Result result = Result::failed;
  std::string reason;  ///< of locked, refused and failed
};

/// One change of a transaction; a zero `expected` means that the ref must not exist, a zero
/// `desired` deletes it.
struct RefChange {
  std::string name;
  Oid expected;
  Oid desired;
};

/// All of them or none, by `git update-ref --stdin`.
Attempt update_refs_with_git(const Repository& repository, const std::vector<RefChange>& changes,
                             std::string_view reflog_message);

/// Lock files that such a transaction may leave when it is killed.
std::vector<std::string> lock_files_of(const Repository& repository,
                                       const std::vector<RefChange>& changes);

/// True where libgit2 would do something else than git: a reference-transaction hook, reflog
/// settings that it does not see, or so many packed refs that it would be slow.
bool needs_git(const Repository& repository, const std::string& name);

}  // namespace gitplan::git
