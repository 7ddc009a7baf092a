// Where a repository's hooks are.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gitplan::git {

class Config;
class Repository;

/// core.hooksPath, else "<common>/hooks". Absolute, or relative to the folder that a hook runs in.
/// Throws Error(fatal) for a "~user/…" that git cannot expand.
std::string hooks_folder(const Repository& repository, const Config& config);

/// Where git goes before it looks for a hook, and what a relative core.hooksPath counts from: the
/// top of the worktree that the command was called in, else the git folder.
std::string folder_of_call(const Repository& repository);

/// The hook that git called as this command was would run, absolute; nothing if there is none that
/// may be executed.
std::optional<std::string> find_hook(const Repository& repository, const Config& config,
                                     std::string_view name);

}  // namespace gitplan::git
