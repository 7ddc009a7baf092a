// What tells one file from the next of the same name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace gitplan::git {

struct FileIdentity {
  std::uint64_t inode = 0;
  std::int64_t born =
      0;  ///< nanoseconds; the last status change where the file system keeps no birth
  std::int64_t changed = 0;  ///< content
  bool operator==(const FileIdentity&) const = default;
};

/// Nothing if there is no regular file; links are not followed.
std::optional<FileIdentity> identify(const std::string& path);

/// Now, by the clock that file systems take their times from.
std::int64_t file_time();

}  // namespace gitplan::git
