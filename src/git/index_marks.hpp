// Entries of an index in whose place git does not look, read from the file itself: a process for
// each slot would cost more than all else that is done there.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gitplan::git {

/// Paths, in the index's order.
struct SpecialEntries {
  std::vector<std::string> marked;  ///< assume-unchanged or skip-worktree
  std::vector<std::string> submodules;
};

/// Nothing where the file does not tell alone: it is split or sparse, or of a form that is not
/// known here; then ask git.
std::optional<SpecialEntries> special_in_index(std::string_view index);

/// How much of an index `has_index_header` wants to see.
inline constexpr std::size_t index_header_size = 32;

/// The first bytes are those of an index that may be whole.
bool has_index_header(std::string_view first_bytes);

/// False where it is cut off, or parts of it were never written. Forms that are not known here are
/// taken for whole.
bool is_whole_index(std::string_view index);

}  // namespace gitplan::git
