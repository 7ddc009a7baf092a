// When two tasks would touch the same files.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schedule/file_index.hpp"
#include "schedule/graph.hpp"

namespace gitplan::schedule {

/// True if some path matches both: the same path, one a folder of the other ("src" and "src/a.c",
/// with or without a slash at the end), or globs whose intersection is not empty. `*` and `?` stay
/// within a path component, `**` spans any number, `[…]` as in gitignore, `\` quotes. "./" and
/// doubled slashes are ignored. Never exponential: product construction, O(|a| * |b|). What lies
/// below a match counts for names and for globs that end in a slash. A name with an extension
/// ("a.c") is not taken for a folder that a wildcard of the other could look into; "a.c/" is.
/// Brackets without other wildcards may also be part of a name ("app/[id]/page.tsx"). "." is the
/// whole tree; an empty entry, or one over 4096 bytes, overlaps with nothing.
bool paths_overlap(std::string_view a, std::string_view b);

/// The entries of `a` that overlap with some entry of `b`, as written in `a`.
std::vector<std::string> overlapping(std::span<const std::string> a,
                                     std::span<const std::string> b);

/// Pairs (first, second, files) among `tasks` that overlap; near linear where paths are literal. At
/// most `limit` pairs; without those for which no work is left.
struct Overlap {
  TaskIndex first;
  TaskIndex second;
  std::vector<std::string> files;
};
std::vector<Overlap> find_overlaps(const Plan& plan, std::span<const TaskIndex> tasks,
                                   std::size_t limit, GlobWork& work);

}  // namespace gitplan::schedule
