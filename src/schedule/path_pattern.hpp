// An entry of a task's `files` as a set of paths.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "schedule/name_pattern.hpp"

namespace gitplan::schedule {

/// The set of paths is that of the components; a folder ends in any_depth(), as its whole content
/// is meant. `maybe_file` marks a literal that ends in a name with an extension ("src/a.c"): nearly
/// always a file, so it counts as a folder only where the other pattern also has a name with an
/// extension there.
struct PathPattern {
  std::vector<NamePattern> names;
  std::size_t literal_names = 0;  ///< at the start, before the first glob
  bool literal = false;           ///< all of them, any_depth() at the end apart
  bool maybe_file = false;
};

/// The ways to read an entry: one, or two where brackets may belong to the name itself
/// ("app/[id]/page.tsx"), or none where no path can match (an empty entry, one over 4096 bytes,
/// "[b-a]").
std::vector<PathPattern> readings(std::string_view entry);

/// Its components where an entry is the plain path of a file or folder, as nearly all are: no glob,
/// no empty component, no "." or "..". Such an entry has one reading, which is literal.
std::optional<std::vector<std::string_view>> plain_path(std::string_view entry);

/// True if some path matches both. O(|a| * |b|).
bool intersect(const PathPattern& a, const PathPattern& b);

}  // namespace gitplan::schedule
