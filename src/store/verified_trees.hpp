// Which trees a command (`--verify`) has succeeded on, kept for 30 days in the cache of the
// repository: none is verified by the same command twice. What failed is not kept, as it may have
// been so by chance.
#pragma once

#include <string>

#include "git/oid.hpp"

namespace gitplan::git {
class Repository;
}

namespace gitplan::verified_trees {

/// False too where nothing tells.
bool has(const git::Repository& repository, const git::Oid& tree, const std::string& command);

/// Of very many the latest are kept. A repository that cannot be written is no failure. Takes the
/// lock "verified", the last one in the order of locks.
void add(const git::Repository& repository, const git::Oid& tree, const std::string& command);

}  // namespace gitplan::verified_trees
