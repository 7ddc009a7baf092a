#include "slots/changed_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <set>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "slots/list_folder.hpp"

namespace gitplan {
namespace {

constexpr int open_folder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

bool is_since(const timespec& time, const timespec& moment) {
  return time.tv_sec != moment.tv_sec ? time.tv_sec > moment.tv_sec
                                      : time.tv_nsec >= moment.tv_nsec;
}

enum class Unchanged { keep, remove };

/// One walk for both: depth first, so that a folder whose files are gone can go too.
class Walk {
 public:
  Walk(const timespec& moment, Unchanged unchanged) : moment_(moment), unchanged_(unchanged) {}

  void folder(int fd, const std::string& path) {
    for (const FolderEntry& one : list_folder(fd)) {
      const bool is_top_git = path.empty() && one.name == ".git";
      if (!is_top_git || unchanged_ == Unchanged::remove) entry(fd, one.name, path + one.name);
    }
  }
  [[nodiscard]] std::vector<std::string> found() && { return std::move(found_); }

 private:
  void entry(int parent, const std::string& name, const std::string& path) {
    struct stat info {};
    if (::fstatat(parent, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) return;
    if (S_ISDIR(info.st_mode)) return subfolder(parent, name, path, info.st_mode);
    const bool is_top_git = path == ".git";
    if (!is_top_git && has_changed(info)) {
      found_.push_back(path);
    } else if (unchanged_ == Unchanged::remove) {
      remove(parent, name, path, 0);
    }
  }

  /// Of a file with several names (a package manager's store, say) the status changes whenever one
  /// of them goes.
  bool has_changed(const struct stat& info) {
    const bool was_shared = info.st_nlink > 1 || shared_.contains(info.st_ino);
    if (was_shared) shared_.insert(info.st_ino);
    return is_since(was_shared ? info.st_mtim : info.st_ctim, moment_);
  }

  void subfolder(int parent, const std::string& name, const std::string& path, mode_t mode) {
    // Some build tools take write permission away from folders of theirs.
    const bool closed = unchanged_ == Unchanged::remove && (mode & S_IRWXU) != S_IRWXU;
    if (closed && ::fchmodat(parent, name.c_str(), (mode | S_IRWXU) & 07777U, 0) != 0)
      return;  // another user's: it stays, and so does what it stands in
    const std::size_t before = found_.size();
    if (const Fd fd(::openat(parent, name.c_str(), open_folder)); fd) folder(fd.get(), path + "/");
    if (unchanged_ == Unchanged::remove && found_.size() == before)
      remove(parent, name, path, AT_REMOVEDIR);
  }

  /// A folder that somebody put something into meanwhile stays, with it.
  void remove(int parent, const std::string& name, const std::string& path, int flags) {
    if (::unlinkat(parent, name.c_str(), flags) == 0 || errno == ENOENT) return;
    if (flags == AT_REMOVEDIR && (errno == ENOTEMPTY || errno == EEXIST)) {
      found_.push_back(path + "/");
      return;
    }
    throw Error(ErrorKind::fatal,
                fmt::format("cannot remove '{}': {}", text::printable(path), std::strerror(errno)));
  }

  timespec moment_;
  Unchanged unchanged_;
  std::set<ino_t> shared_;
  std::vector<std::string> found_;
};

}  // namespace

timespec file_time_now() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return now;
}

std::vector<std::string> files_changed_since(int folder_fd, const timespec& moment) {
  Walk walk(moment, Unchanged::keep);
  walk.folder(folder_fd, "");
  return std::move(walk).found();
}

std::vector<std::string> delete_unchanged(int parent_fd, const std::string& name,
                                          const timespec& moment) {
  const Fd fd(::openat(parent_fd, name.c_str(), open_folder));
  if (!fd) return {};
  Walk walk(moment, Unchanged::remove);
  walk.folder(fd.get(), "");
  auto left = std::move(walk).found();
  if (left.empty() && ::unlinkat(parent_fd, name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT)
    left.emplace_back("");
  return left;
}

}  // namespace gitplan
