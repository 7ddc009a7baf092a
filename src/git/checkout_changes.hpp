// What a fast-forward changes in a checkout, and what of the user's stands in its way.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "git/checkout.hpp"
#include "git/oid.hpp"

namespace gitplan::git {

class Repository;

/// What one commit has at a path.
struct TreeSide {
  std::uint32_t mode = 0;  ///< 0: nothing
  Oid oid;
  [[nodiscard]] bool exists() const { return mode != 0; }
  [[nodiscard]] bool is_link() const { return mode == 0120000; }
  [[nodiscard]] bool is_submodule() const { return mode == 0160000; }
  bool operator==(const TreeSide&) const = default;
};

struct TreeChange {
  std::string path;
  TreeSide before;
  TreeSide after;
};

/// Every path that differs, by path; renames are a deletion and an addition.
std::vector<TreeChange> changes_between(const Repository& repository, const Oid& before,
                                        const Oid& after);

/// Paths whose local changes (in the index, the file, untracked, ignored or not) the changes would
/// overwrite; sorted.
std::vector<std::string> paths_in_the_way(const Checkout& checkout,
                                          const std::vector<TreeChange>& changes);

/// Paths whose conflicts nobody has resolved; sorted, each once.
std::vector<std::string> unmerged_paths(const Checkout& checkout);

}  // namespace gitplan::git
