// Versions of a plan as users type them.
#pragma once

#include <cstdint>
#include <string>

namespace gitplan::commands {

/// "v3", "3". Throws Error(usage).
std::int64_t parse_version(const std::string& word);

}  // namespace gitplan::commands
