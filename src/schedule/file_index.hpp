// Who touches which files: a tree of path components that finds overlaps without comparing all
// pairs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "schedule/interner.hpp"
#include "schedule/path_pattern.hpp"

namespace gitplan::schedule {

/// What comparing globs with globs may cost in all, in steps of the product construction: lists
/// that come with a plan may have any length. A step takes some nanoseconds.
struct GlobWork {
  static constexpr std::size_t usual = std::size_t{1} << 26U;
  static constexpr std::size_t little = std::size_t{1} << 20U;
  std::size_t left = usual;
};
/// What globs count as that there is no work left for.
enum class Uncompared { overlapping, apart };

/// Owners are numbers; they are added in ascending order. A query costs the depth of the path where
/// both sides are literal; globs are compared with what lies below their literal start. The texts
/// of the entries must outlive the index.
class FileIndex {
 public:
  using Owner = std::uint32_t;

  /// The work is that of all indices that share it, and outlives them.
  FileIndex(GlobWork& work, Uncompared uncompared)
      : work_(&work), uncompared_(uncompared), nodes_(1) {}
  void add(Owner owner, std::span<const std::string> files);

  /// The smallest owner that some entry of `files` overlaps with.
  [[nodiscard]] std::optional<Owner> first_overlap(std::span<const std::string> files) const;
  /// Owners that some entry of `files` overlaps with, ascending; some `limit` of them if there are
  /// more.
  [[nodiscard]] std::vector<Owner> overlaps(std::span<const std::string> files,
                                            std::size_t limit) const;

 private:
  using NodeIndex = std::uint32_t;
  using EntryIndex = std::uint32_t;
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

  struct Entry {
    Owner owner;
    std::string_view text;
    std::size_t reading;  ///< which of readings(text)
    bool literal;
    EntryIndex next = none;  ///< of the same node, by ascending owner
  };
  struct Node {
    NodeIndex first_child = none;
    NodeIndex next_sibling = none;
    EntryIndex first_entry = none;
    EntryIndex last_entry = none;
    Owner first_owner = none;  ///< of all entries here and below
  };
  class First;
  class All;

  [[nodiscard]] std::optional<NodeIndex> child(NodeIndex node, std::string_view name) const;
  NodeIndex make_child(NodeIndex node, std::string_view name);
  void add_entry(NodeIndex node, Entry entry);
  void add_literal(Owner owner, std::string_view text, std::span<const std::string_view> names);
  [[nodiscard]] bool meets(const PathPattern& wanted, const Entry& entry) const;

  template <typename Found>
  void search_all(std::span<const std::string> files, Found& found) const;
  template <typename Found>
  void search_plain(std::string_view text, std::span<const std::string_view> names,
                    Found& found) const;
  template <typename Found>
  void search(const PathPattern& wanted, Found& found) const;
  template <typename Found>
  void search_node(const PathPattern& wanted, NodeIndex node, Found& found) const;
  template <typename Found>
  void search_below(const PathPattern& wanted, NodeIndex node, Found& found) const;

  GlobWork* work_;
  Uncompared uncompared_;
  std::vector<Node> nodes_;  ///< the first is the top of the tree
  std::vector<Entry> entries_;
  Interner names_;
  std::unordered_map<std::uint64_t, NodeIndex> children_;  ///< by node and number of the name
};

}  // namespace gitplan::schedule
