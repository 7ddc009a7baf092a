// Where a repository's hooks are.
#pragma once

#include <string>

namespace gitplan::git {

class Config;
class Repository;

/// core.hooksPath, else "<common>/hooks". Absolute, or relative to the folder that a hook runs in.
/// Throws Error(fatal) for a "~user/…" that git cannot expand.
std::string hooks_folder(const Repository& repository, const Config& config);

}  // namespace gitplan::git
