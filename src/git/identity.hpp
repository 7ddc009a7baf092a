// Who commits, as git itself would say it.
#pragma once

#include <optional>
#include <string>

namespace gitplan::git {

class Repository;

/// Identity lines as they stand in a commit: "Ada <ada@example.com> 1700000000 +0100".
struct Identities {
  std::string author;
  std::string committer;
};

/// In process where user.name and user.email say it all, else through `git var`. Throws
/// Error(fatal) with git's advice if there is no identity.
Identities identities(const Repository& repository);

struct Person {
  std::string name;
  std::string email;
};
/// The committer for reflogs; nothing where only `git var` could tell.
std::optional<Person> known_committer(const Repository& repository);

}  // namespace gitplan::git
