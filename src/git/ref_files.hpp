// One ref as it stands on disk, links of symbolic refs not followed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "git/oid.hpp"

namespace gitplan::git {

class Repository;

struct RefValue {
  enum class Kind { absent, direct, symbolic, broken };
  Kind kind = Kind::absent;
  Oid target;            ///< of direct
  std::string symbolic;  ///< of symbolic: the name that it stands for
};

/// Where the loose file of a ref stands: HEAD and refs/bisect/ are a worktree's own.
std::string loose_path(const Repository& repository, std::string_view name);

/// What a loose ref file says; absent if there is none (or a folder).
RefValue read_loose(const std::string& path);
RefValue read_loose_at(int folder, const std::string& path);  ///< relative to an open folder

/// Loose, else packed: right also beside `git pack-refs`, which writes the packed one first.
RefValue read_raw_ref(const Repository& repository, const std::string& name);

/// The ref at the end of a chain of symbolic ones. Throws Error(fatal) where the chain has no end.
std::string follow_symbolic(const Repository& repository, const std::string& name);

/// An existing ref that keeps `name` from being created: "plan" for "plan/x", and the other way
/// round.
std::optional<std::string> ref_in_the_way(const Repository& repository, const std::string& name);

}  // namespace gitplan::git
