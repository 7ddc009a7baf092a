// A blob's text for who knows it by a check of its own, which costs less than hashing it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "git/oid.hpp"

namespace gitplan::git {

class Repository;

/// Of a loose one, without the check that it is the blob of that id. Nothing where it cannot be
/// read like that.
std::optional<std::string> read_unchecked_blob(const Repository& repository, const Oid& blob,
                                               std::size_t max_bytes);

}  // namespace gitplan::git
