#include "slots/list_folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <memory>
#include <string_view>

#include "base/fd.hpp"

namespace gitplan {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

/// Some file systems do not say in the listing what an entry is.
bool is_folder(int parent, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) return entry.d_type == DT_DIR;
  struct stat info {};
  return ::fstatat(parent, entry.d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(info.st_mode);
}

}  // namespace

std::optional<std::vector<FolderEntry>> list_folder(int folder_fd) {
  Fd own(::openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!own) return std::nullopt;
  const std::unique_ptr<DIR, CloseFolder> listing(::fdopendir(own.get()));
  if (!listing) return std::nullopt;
  static_cast<void>(own.release());  // closed with the listing
  std::vector<FolderEntry> entries;
  errno = 0;
  while (const dirent* entry = ::readdir(listing.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..")
      entries.push_back({std::string(name), entry->d_ino, is_folder(folder_fd, *entry)});
    errno = 0;
  }
  if (errno != 0) return std::nullopt;
  return entries;
}

}  // namespace gitplan
