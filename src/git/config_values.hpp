// All of a repository's config, read once: the part of config.hpp that knows where values come
// from.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

struct git_repository;

namespace gitplan::git {

/// The repository that values are read for; stays right when the Repository object itself is moved.
struct ConfigSource {
  std::string git_dir;
  std::string common_dir;
  git_repository* handle = nullptr;
};

/// A variable that stands alone in its file ("[plan] strict") has no text, and is true.
struct ConfigValue {
  std::optional<std::string> text;
};

/// Normalized key ("plan.flowbranch", the middle part as written) to its last value.
using ConfigValues = std::unordered_map<std::string, ConfigValue>;

/// Section and variable in lower case, as git compares them.
std::string normalized_key(std::string_view key);

/// Through libgit2 where that gives what git would, else nothing.
std::optional<ConfigValues> config_in_process(const ConfigSource& source);

/// Through `git config --list -z`. Throws Error(fatal) with git's own words on a broken config
/// file.
ConfigValues config_from_git(const ConfigSource& source);

}  // namespace gitplan::git
