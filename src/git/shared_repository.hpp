// core.sharedRepository: with whom git shares the files that it makes in a repository.
#pragma once

#include <optional>
#include <string_view>

#include "base/file_mode.hpp"

namespace gitplan::git {

class Config;

/// What a value of core.sharedRepository means: "group", "all", "umask", "0640"; nothing for what
/// may be a boolean. Throws Error(fatal) for an owner that could not read and write.
std::optional<Sharing> parse_sharing(std::string_view setting);

/// What this process makes from here on is shared as the repository's config says.
void share_as_configured(const Config& config);

}  // namespace gitplan::git
