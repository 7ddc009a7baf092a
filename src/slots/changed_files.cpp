#include "slots/changed_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "slots/list_folder.hpp"
#include "slots/look.hpp"

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
  Walk(const Look& look, Unchanged unchanged) : look_(&look), unchanged_(unchanged) {}

  void folder(int fd, Look::Key key, const std::string& path) {
    const auto entries = list_folder(fd);
    if (!entries) return found_.push_back(path);
    // The top .git goes last: killed before, it leaves a worktree that git knows.
    const FolderEntry* git = nullptr;
    for (const FolderEntry& one : *entries) {
      const bool is_top_git = path.empty() && one.name == ".git";
      if (is_top_git) git = &one;
      if (!is_top_git) entry(fd, one, Look::key(key, one.name), path + one.name);
    }
    if (git != nullptr && unchanged_ == Unchanged::remove)
      entry(fd, *git, Look::key(key, git->name), path + git->name);
  }
  void entry(int parent, const FolderEntry& one, Look::Key key, const std::string& path) {
    struct stat info {};
    if (::fstatat(parent, one.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) return;
    if (S_ISDIR(info.st_mode)) return subfolder(parent, one.name, key, path, info.st_mode);
    const bool is_top_git = path == ".git";
    if (!is_top_git && (!look_->saw(key, one.inode) || has_changed(info))) {
      found_.push_back(path);
    } else if (unchanged_ == Unchanged::remove) {
      remove(parent, one.name, path, 0);
    }
  }
  [[nodiscard]] std::vector<std::string> found() && { return std::move(found_); }

 private:
  /// Of a file with several names (a package manager's store, say) the status changes whenever one
  /// of them goes.
  bool has_changed(const struct stat& info) {
    const bool was_shared = info.st_nlink > 1 || shared_.contains(info.st_ino);
    if (was_shared) shared_.insert(info.st_ino);
    return is_since(was_shared ? info.st_mtim : info.st_ctim, look_->begin());
  }

  void subfolder(int parent, const std::string& name, Look::Key key, const std::string& path,
                 mode_t mode) {
    // Some build tools take write permission away from folders of theirs.
    const bool closed = unchanged_ == Unchanged::remove && (mode & S_IWUSR) == 0;
    if (closed && ::fchmodat(parent, name.c_str(), (mode | S_IWUSR) & 07777U, 0) != 0)
      return;  // another user's: it stays, and so does what it stands in
    const std::size_t before = found_.size();
    if (const Fd fd(::openat(parent, name.c_str(), open_folder)); fd) {
      folder(fd.get(), key, path + "/");
    } else if (errno == EACCES) {
      found_.push_back(path + "/");
    }
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

  const Look* look_;
  Unchanged unchanged_;
  std::set<ino_t> shared_;
  std::vector<std::string> found_;
};

/// A folder below the open one, with what stands in it by name.
class Below {
 public:
  /// `path`: with a slash at the end, or empty.
  Below(int top_fd, std::string path) : path_(std::move(path)) {
    way_.emplace_back(::openat(top_fd, ".", open_folder));
    for (const std::string_view name : text::split(path_, '/')) {
      if (name.empty() || !way_.back()) continue;
      way_.emplace_back(::openat(way_.back().get(), std::string(name).c_str(), open_folder));
      names_.emplace_back(name);
      key_ = Look::key(key_, name);
    }
    const auto listed = way_.back() ? list_folder(way_.back().get()) : std::nullopt;
    if (!listed) return;
    for (const FolderEntry& entry : *listed) entries_.emplace(entry.name, entry);
  }

  [[nodiscard]] const std::string& path() const { return path_; }
  void walk(Walk& walk, const std::string& name) const {
    const auto entry = entries_.find(name);
    if (entry == entries_.end()) return;
    walk.entry(way_.back().get(), entry->second, Look::key(key_, name), path_ + name);
  }
  /// It and those that it stands in, as long as nothing else stands there.
  void remove_if_empty() const {
    for (std::size_t i = names_.size(); i > 0; --i) {
      if (::unlinkat(way_[i - 1].get(), names_[i - 1].c_str(), AT_REMOVEDIR) != 0) return;
    }
  }

 private:
  std::string path_;
  std::vector<Fd> way_;  ///< the open folder, and all down to this one
  std::vector<std::string> names_;
  Look::Key key_ = Look::top;
  std::map<std::string, FolderEntry> entries_;
};

}  // namespace

std::vector<std::string> files_changed_since(int folder_fd, const Look& look) {
  Walk walk(look, Unchanged::keep);
  walk.folder(folder_fd, Look::top, "");
  return std::move(walk).found();
}

std::vector<std::string> delete_unchanged(int parent_fd, const std::string& name,
                                          const Look& look) {
  const Fd fd(::openat(parent_fd, name.c_str(), open_folder));
  if (!fd) return {};
  Walk walk(look, Unchanged::remove);
  walk.folder(fd.get(), Look::top, "");
  auto left = std::move(walk).found();
  if (left.empty() && ::unlinkat(parent_fd, name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT)
    left.emplace_back("");
  return left;
}

std::vector<std::string> delete_unchanged_in(int folder_fd, const std::vector<std::string>& paths,
                                             const Look& look) {
  Walk walk(look, Unchanged::remove);
  std::optional<Below> folder;
  for (std::string path : paths) {
    if (path.ends_with('/')) path.pop_back();
    const std::size_t name = path.rfind('/') + 1;
    if (!folder || folder->path() != std::string_view(path).substr(0, name)) {
      if (folder) folder->remove_if_empty();
      folder.emplace(folder_fd, path.substr(0, name));
    }
    folder->walk(walk, path.substr(name));
  }
  if (folder) folder->remove_if_empty();
  return std::move(walk).found();
}

}  // namespace gitplan
