// A look at what stands in a slot, before git is asked about it: what it did not see, or what
// changed since, nobody has judged, however old it is.
#pragma once

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

namespace gitplan {

/// Now, by the clock that stamps files.
timespec file_time_now();

class Look {
 public:
  /// Of a path below the top folder.
  using Key = std::uint64_t;
  static constexpr Key top = 0;
  static Key key(Key folder, std::string_view name);

  /// Sees all below the open folder but its own .git; follows no link. Throws Error(wrong_state)
  /// for a folder that cannot be read: `shown` and `absolute` are what people call the open one.
  Look(int folder_fd, const std::string& shown, const std::string& absolute);

  /// This very file at this very path: another one may have been moved there.
  [[nodiscard]] bool saw(Key path, std::uint64_t inode) const;
  [[nodiscard]] const timespec& begin() const { return begin_; }
  /// The folders that have something called .git in them, or are a git folder by what stands there,
  /// outer ones first: paths below the open one, with a slash at the end.
  [[nodiscard]] const std::vector<std::string>& repositories() const { return repositories_; }

 private:
  timespec begin_;
  std::vector<std::uint64_t> seen_;  ///< paths with inodes, sorted; a slot may hold a million
  std::vector<std::string> repositories_;
};

}  // namespace gitplan
