// Durations as options and config write them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gitplan::commands {

/// Nothing for "none". `name`: where the words come from. Throws Error(usage) for an option,
/// Error(fatal) for a key of the config.
std::optional<std::chrono::seconds> duration_of(const std::optional<std::string>& words,
                                                std::string_view name);

}  // namespace gitplan::commands
