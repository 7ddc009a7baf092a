// A tree with one of its folders replaced, or taken out.
#pragma once

#include <string>

#include "git/oid.hpp"

namespace gitplan::git {

class Repository;

/// `base` with the folder `tree` as its entry `name` (no path), whatever stood there.
Oid tree_with_folder(const Repository& repository, const Oid& base, const std::string& name,
                     const Oid& tree);

/// `base` without its folder `name` (no path); `base` itself where it has no such folder. May be
/// the empty tree.
Oid tree_without_folder(const Repository& repository, const Oid& base, const std::string& name);

}  // namespace gitplan::git
