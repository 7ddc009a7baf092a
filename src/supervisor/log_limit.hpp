// How much of what workers write is kept: the last part of each log, and none for ever.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "base/clock.hpp"

namespace gitplan::supervisor {

/// Where the logs of a task's attempts stand, below `folder`: "<session>/<task>-<attempt>.log".
std::string log_path(const std::string& folder, const std::string& session, const std::string& task,
                     int attempt);

/// The log of the task's last attempt there, if somebody has written to it since then; else "".
std::string last_log(const std::string& folder, const std::string& session, const std::string& task,
                     Seconds since);

/// What the logs of one task may take, bytes.
struct LogLimit {
  std::int64_t most = 0;
  /// This attempt's log: all of it for the first, half of it where the others have the rest.
  [[nodiscard]] std::int64_t of_attempt(int attempt) const;
  /// The log of each attempt before this one.
  [[nodiscard]] std::int64_t of_earlier(int attempt) const;
};

/// Of a file that is longer than `most` bytes, keeps the last half of those, from the beginning of
/// a line on where there is one, below a line that says so. Whoever has it open for appending goes
/// on behind that; what is written in the very moment may be lost.
void limit_log(const std::string& file, std::int64_t most);

/// Deletes logs below `folder` that nobody has written to since then, but for those `in_use` (paths
/// as log_path gives them), and folders that are empty after that.
void delete_old_logs(const std::string& folder, Seconds since,
                     const std::set<std::string>& in_use = {});

}  // namespace gitplan::supervisor
