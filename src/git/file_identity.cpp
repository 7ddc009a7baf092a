#include "git/file_identity.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <ctime>

namespace gitplan::git {
namespace {

template <typename Time>
std::int64_t nanoseconds(const Time& time) {
  return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

}  // namespace

std::optional<FileIdentity> identify(const std::string& path) {
  struct statx status {};
  if (statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_BTIME,
            &status) != 0 ||
      !S_ISREG(status.stx_mode)) {
    return std::nullopt;
  }
  const bool has_birth = (status.stx_mask & STATX_BTIME) != 0;
  return FileIdentity{status.stx_ino, nanoseconds(has_birth ? status.stx_btime : status.stx_ctime),
                      nanoseconds(status.stx_mtime)};
}

std::int64_t file_time() {
  timespec time{};
  clock_gettime(CLOCK_REALTIME_COARSE, &time);
  return nanoseconds(time);
}

}  // namespace gitplan::git
