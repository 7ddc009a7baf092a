#include "slots/trash.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/lock.hpp"
#include "git/presence.hpp"

namespace gitplan {
namespace {

std::string trash_folder(const git::Repository& repository) {
  return git::state_folder(repository) + "/trash";
}

/// remove_all after giving folders without write permission (some build tools make them) back to
/// us.
void delete_tree(const std::string& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (!error) return;
  for (auto it = std::filesystem::recursive_directory_iterator(
           path, std::filesystem::directory_options::skip_permission_denied, error);
       !error && it != std::filesystem::recursive_directory_iterator(); it.increment(error)) {
    if (it->is_directory() && !it->is_symlink()) {
      std::error_code ignored;
      std::filesystem::permissions(it->path(), std::filesystem::perms::owner_all,
                                   std::filesystem::perm_options::add, ignored);
    }
  }
  std::filesystem::remove_all(path, error);
  if (!error) return;
  throw Error(ErrorKind::fatal,
              fmt::format("cannot remove '{}': {}", text::printable(path), error.message()),
              Hint{fmt::format("to remove it yourself, run: rm -rf {}", text::shell_quote(path))});
}

}  // namespace

void remove_folder(const git::Repository& repository, int parent_fd, const std::string& name) {
  git::make_state_folder(repository);
  make_folders(trash_folder(repository));
  static int count = 0;
  const std::string grave = fmt::format("{}/{}-{}", trash_folder(repository),
                                        encode(git::announced_process(repository), '-'), ++count);
  if (::renameat(parent_fd, name.c_str(), AT_FDCWD, grave.c_str()) == 0) {
    delete_tree(grave);
    return;
  }
  if (errno == ENOENT) return;
  if (errno != EXDEV) {
    throw Error(ErrorKind::fatal, fmt::format("cannot move '{}' away: {}", text::printable(name),
                                              std::strerror(errno)));
  }
  delete_tree(fmt::format("/proc/self/fd/{}/{}", parent_fd, name));
}

void empty_trash(const git::Repository& repository) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(trash_folder(repository), error)) {
    const ProcessIdentity owner = decode_process(entry.path().filename().string(), '-');
    if (owner.pid == 0 || git::may_be_alive(repository, owner)) continue;
    std::filesystem::remove_all(entry.path(), error);
  }
}

}  // namespace gitplan
