// How much changed between two trees, as `git diff --numstat` counts.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/oid.hpp"

namespace gitplan::git {

class Repository;

struct FileChange {
  std::string path;  ///< after the change; of a deleted file, before it
  int added = 0;     ///< lines; binary files and submodules have none
  int removed = 0;
};

/// The files that differ between two trees (nothing: the empty tree), but for those below
/// `left_out` ("" for none). Renames count as such. Nothing if an object is missing (a partial
/// clone).
std::optional<std::vector<FileChange>> changes_between(const Repository& repository,
                                                       const std::optional<Oid>& before,
                                                       const Oid& after, std::string_view left_out);

}  // namespace gitplan::git
