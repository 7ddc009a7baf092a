#include "slots/look.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "slots/list_folder.hpp"

namespace gitplan {
namespace {

/// Every bit of the sum depends on every one of both (the finalizer of MurmurHash3's kind).
std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 32U)) * 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 29U)) * 0xbf58476d1ce4e5b9U;
  return value ^ (value >> 32U);
}

/// It went meanwhile, or something else stands there by now.
bool is_no_folder_now(int reason) {
  return reason == ENOENT || reason == ENOTDIR || reason == ELOOP;
}

/// HEAD, objects and refs, as git tells a git folder; one called .git is its parent's.
bool is_git_folder(const std::vector<FolderEntry>& entries, std::string_view path) {
  int signs = 0;
  for (const FolderEntry& entry : entries) {
    const bool is_sign = entry.name == "HEAD" ||
                         (entry.is_folder && (entry.name == "objects" || entry.name == "refs"));
    if (is_sign) ++signs;
  }
  constexpr int all_signs = 3;
  return signs == all_signs && !path.empty() && path != ".git/" && !path.ends_with("/.git/");
}

/// One walk; a path has a slash at the end, the top folder's is empty.
class Seeing {
 public:
  Seeing(const std::string& shown, const std::string& absolute)
      : shown_(shown), absolute_(absolute) {}

  void see(int folder_fd, Look::Key folder, const std::string& path) {
    const auto entries = list_folder(folder_fd);
    if (!entries) return cannot_read(folder_fd, "", path);
    bool is_repository = is_git_folder(*entries, path);
    for (const FolderEntry& entry : *entries) is_repository |= entry.name == ".git";
    if (is_repository && folder != Look::top) repositories.push_back(path);
    for (const FolderEntry& entry : *entries) {
      if (entry.name == ".git" && folder == Look::top) continue;
      const Look::Key key = Look::key(folder, entry.name);
      seen.push_back(mix(key + entry.inode));
      if (entry.is_folder) enter(folder_fd, entry.name, key, path + entry.name + '/');
    }
  }

  std::vector<std::uint64_t> seen;
  std::vector<std::string> repositories;

 private:
  void enter(int parent_fd, const std::string& name, Look::Key key, const std::string& path) {
    constexpr int folder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    const Fd fd(::openat(parent_fd, name.c_str(), folder));
    if (!fd) return cannot_read(parent_fd, name, path);
    see(fd.get(), key, path);
  }
  /// Nothing where it is gone.
  void cannot_read(int parent_fd, const std::string& name, const std::string& path) const {
    const int reason = errno;
    if (is_no_folder_now(reason)) return;
    struct stat info {};
    const int flags = AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW;
    const bool is_ours =
        ::fstatat(parent_fd, name.c_str(), &info, flags) == 0 && info.st_uid == ::geteuid();
    const std::string inner = path.substr(0, path.rfind('/'));
    const std::string quoted = text::shell_quote(join_path(absolute_, inner));
    throw Error(ErrorKind::wrong_state,
                fmt::format("cannot read '{}': {}", text::printable(join_path(shown_, inner)),
                            std::strerror(reason)),
                Hint{is_ours ? "to be let in again, run: chmod -R u+rwX " + quoted
                             : "to see whose it is, run: ls -ld " + quoted})
        .with_code("unreadable");
  }

  const std::string& shown_;
  const std::string& absolute_;
};

}  // namespace

timespec file_time_now() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return now;
}

Look::Key Look::key(Key folder, std::string_view name) {
  return mix(folder + std::hash<std::string_view>{}(name));
}

Look::Look(int folder_fd, const std::string& shown, const std::string& absolute)
    : begin_(file_time_now()) {
  Seeing seeing(shown, absolute);
  seeing.see(folder_fd, top, "");
  seen_ = std::move(seeing.seen);
  std::sort(seen_.begin(), seen_.end());
  repositories_ = std::move(seeing.repositories);
}

bool Look::saw(Key path, std::uint64_t inode) const {
  return std::binary_search(seen_.begin(), seen_.end(), mix(path + inode));
}

}  // namespace gitplan
