// A tree's entries, as git reads them. Never included from outside the room.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "git/libgit2.hpp"
#include "git/objects.hpp"

namespace gitplan::git {

/// What git's own readers make of a tree's content: a mode beyond all bounds is taken by its low
/// bits, and anything but a file, a link or a folder is a submodule. Nothing where git calls the
/// tree corrupt.
std::optional<std::vector<TreeEntry>> parse_tree(std::string_view content);

/// Read by libgit2, or, where that refuses what git does not, by parse_tree.
class TreeReader {
 public:
  TreeReader() = default;  ///< the empty tree
  explicit TreeReader(TreeHandle tree) : tree_(std::move(tree)) {}
  explicit TreeReader(std::vector<TreeEntry> entries);

  [[nodiscard]] std::size_t count() const;
  /// As long as the reader lives.
  [[nodiscard]] std::string_view name(std::size_t index) const;
  [[nodiscard]] TreeEntry entry(std::size_t index) const;
  [[nodiscard]] std::optional<TreeEntry> find(std::string_view name) const;

 private:
  TreeHandle tree_;
  std::vector<TreeEntry> entries_;  ///< where there is no handle; by name
};

}  // namespace gitplan::git
