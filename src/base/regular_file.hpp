// Files that nobody named on the command line, but that stand where a repository or a configuration
// has them: only a regular file is read there, so that nothing waits for a pipe or a device.
#pragma once

#include <cstddef>
#include <string>

namespace gitplan {

/// Links are followed. False where there is none.
bool is_regular_file(const std::string& path);

/// As read_file, but links are followed. Throws Error(fatal) where it is missing, no regular file,
/// or larger than `max_bytes`.
std::string read_regular_file(const std::string& path, std::size_t max_bytes = 64U << 20U);

}  // namespace gitplan
