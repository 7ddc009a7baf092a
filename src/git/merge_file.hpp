// Merging texts that are in no commit.
#pragma once

#include <string>
#include <string_view>

namespace gitplan::git {

class Repository;

struct NamedText {
  std::string_view text;
  std::string name;  ///< in conflict markers
};
struct MergedText {
  std::string text;  ///< with conflict markers where it is not clean
  bool clean = false;
};

/// Where both sides changed the same lines.
enum class OnConflict {
  mark,       ///< conflict markers
  keep_both,  ///< the lines of both, ours first
};

/// `git merge-file`. Throws Error(fatal) where git cannot.
MergedText merge_texts(const Repository& repository, const NamedText& ours, const NamedText& base,
                       const NamedText& theirs, OnConflict on_conflict = OnConflict::mark);

}  // namespace gitplan::git
