// What a worker wrote, read from its end: a log may be hundreds of megabytes long. Terminals'
// escape sequences are left out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gitplan::supervisor {

/// The last lines of a file, at most `count`; a line longer than some kilobytes shows its end.
/// Nothing if there is no such file.
std::vector<std::string> last_lines(const std::string& file, std::size_t count,
                                    std::int64_t skipped = 0);

/// The last line that is not blank, of what stands behind the first `skipped` bytes; where it was
/// overwritten by carriage returns, what stands there last. "" if there is none.
std::string last_line(const std::string& file, std::int64_t skipped = 0);

/// How many bytes there are by now. 0: there is no such file.
std::int64_t log_size(const std::string& file);

}  // namespace gitplan::supervisor
