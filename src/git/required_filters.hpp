// Filters that git must run at a checkout (filter.<name>.required, as git-lfs has it): where one
// fails, nothing can be checked out any more.
#pragma once

#include <string>
#include <vector>

#include "git/oid.hpp"

namespace gitplan::git {

class Repository;

/// What git says where such a filter cannot write a file of the commit `after`, of those that
/// `before` does not have just so; nothing where all of them can be written. The files are checked
/// out into a temporary folder; without such a filter in the configuration, nothing is looked at.
std::vector<std::string> filter_problems(const Repository& repository, const Oid& before,
                                         const Oid& after);

}  // namespace gitplan::git
