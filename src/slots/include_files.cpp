#include "slots/include_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "base/file_mode.hpp"
#include "base/regular_file.hpp"
#include "base/text.hpp"
#include "git/process.hpp"
#include "git/repository.hpp"

namespace gitplan {
namespace {

constexpr const char* include_file = ".worktreeinclude";

std::vector<std::string> split_nul(std::string_view text) {
  std::vector<std::string> pieces;
  for (const std::string_view piece : text::split(text, '\0')) {
    if (!piece.empty()) pieces.emplace_back(piece);
  }
  return pieces;
}

/// Git would wait for a named pipe to be written to.
bool has_patterns(const std::string& main) {
  const std::string path = join_path(main, include_file);
  if (!exists(path) || is_regular_file(path)) return exists(path);
  throw Error(ErrorKind::fatal, fmt::format("'{}' is not a regular file", include_file),
              Hint{"to do without it, run: mv .worktreeinclude .worktreeinclude.old"});
}

/// Untracked files that the patterns match and git ignores.
std::vector<std::string> included_files(const std::string& main, const SlotsPlace& place) {
  git::Command list;
  list.folder = main;
  list.arguments = {"ls-files", "-z", "--others", "--ignored",
                    std::string("--exclude-from=") + include_file};
  std::string candidates;
  for (const auto& path : split_nul(git::run_git_checked(list))) {
    const bool repository = path.ends_with('/');
    if (repository || (place.in_main && path.starts_with(*place.in_main + "/"))) continue;
    candidates += path;
    candidates += '\0';
  }
  if (candidates.empty()) return {};
  git::Command ignored;
  ignored.folder = main;
  ignored.arguments = {"check-ignore", "-z", "--stdin"};
  ignored.input = candidates;
  return split_nul(git::run_git(ignored).output);
}

enum class Missing { refuse, make };

/// The folder that `path` stands in, below `root`. No link is followed.
Fd parent_folder(int root, std::string_view path, Missing missing) {
  Fd folder(::openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (auto slash = path.find('/'); slash != std::string_view::npos && folder;
       slash = path.find('/')) {
    const std::string piece(path.substr(0, slash));
    if (missing == Missing::make) ::mkdirat(folder.get(), piece.c_str(), 0777);
    folder =
        Fd(::openat(folder.get(), piece.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    path.remove_prefix(slash + 1);
  }
  return folder;
}

bool copy_content(int from, int to) {
  if (::ioctl(to, FICLONE, from) == 0) return true;
  constexpr std::size_t chunk = 1U << 30U;
  while (true) {
    const ssize_t sent = ::sendfile(to, from, nullptr, chunk);
    if (sent == 0) return true;
    if (sent < 0 && errno != EINTR) return false;
  }
}

bool copy_file(int from_folder, int to_folder, const std::string& name) {
  struct stat info {};
  if (::fstatat(from_folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) return false;
  if (S_ISLNK(info.st_mode)) {
    std::array<char, PATH_MAX> target{};
    const ssize_t size = ::readlinkat(from_folder, name.c_str(), target.data(), target.size() - 1);
    return size > 0 && ::symlinkat(target.data(), to_folder, name.c_str()) == 0;
  }
  if (!S_ISREG(info.st_mode)) return false;
  const Fd from(
      ::openat(from_folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  const Fd to(::openat(to_folder, name.c_str(),
                       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, info.st_mode & 0777U));
  if (!from || !to) return false;
  if (copy_content(from.get(), to.get())) return true;
  const int reason = errno;
  ::unlinkat(to_folder, name.c_str(), 0);
  throw Error(ErrorKind::fatal, fmt::format("cannot copy '{}' ({}): {}", text::printable(name),
                                            include_file, std::strerror(reason)));
}

/// A symbolic link on the way: git would say so, and nothing else.
bool has_link_on_way(int root, const std::string& path) {
  for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    struct stat info {};
    const std::string folder = path.substr(0, slash);
    if (::fstatat(root, folder.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) return false;
    if (!S_ISDIR(info.st_mode)) return true;
  }
  return false;
}

/// Nothing where git cannot say.
std::optional<std::vector<std::string>> ignored_in(const SlotFolder& slot,
                                                   const std::vector<std::string>& paths) {
  std::string input;
  for (const std::string& path : paths) input += path + '\0';
  git::Command command;
  command.input = input;
  const auto outcome = slot.git({"check-ignore", "-z", "--stdin"}, command);
  if (outcome.exit_status > 1) return std::nullopt;
  return split_nul(outcome.output);
}

/// Those of the paths that git ignores in the slot; a submodule that stands in the way of one is no
/// reason to leave out the others.
std::set<std::string> all_ignored_in(const SlotFolder& slot,
                                     const std::vector<std::string>& paths) {
  std::set<std::string> ignored;
  if (paths.empty()) return ignored;
  if (const auto all = ignored_in(slot, paths)) {
    ignored.insert(all->begin(), all->end());
    return ignored;
  }
  for (const std::string& path : paths) {
    if (const auto one = ignored_in(slot, {path}); one && !one->empty()) ignored.insert(path);
  }
  return ignored;
}

bool stands(int root, const std::string& path) {
  struct stat info {};
  return ::fstatat(root, path.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0;
}

int copy_files(const std::string& main, const std::vector<std::string>& paths, int folder_fd) {
  const Fd source(::open(main.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  int copied = 0;
  for (const auto& path : paths) {
    const Fd from = parent_folder(source.get(), path, Missing::refuse);
    const Fd to = parent_folder(folder_fd, path, Missing::make);
    const auto slash = path.rfind('/');
    const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
    if (from && to && copy_file(from.get(), to.get(), name)) ++copied;
  }
  return copied;
}

}  // namespace

int copy_included_files(const git::Repository& repository, const SlotsPlace& place, int folder_fd) {
  const auto& main = repository.main_worktree();
  if (!main || !has_patterns(*main)) return 0;
  const AsTheUser as_the_user;
  return copy_files(*main, included_files(*main, place), folder_fd);
}

std::vector<std::string> copy_included_files(const git::Repository& repository,
                                             const SlotsPlace& place, const SlotFolder& slot) {
  const auto& main = repository.main_worktree();
  if (!main || !has_patterns(*main)) return {};
  const AsTheUser as_the_user;
  std::vector<std::string> paths = included_files(*main, place);
  std::erase_if(paths, [&](const auto& path) { return has_link_on_way(slot.fd(), path); });
  const auto ignored = all_ignored_in(slot, paths);
  std::vector<std::string> left_out;
  for (const auto& path : paths) {
    if (!ignored.contains(path) && !stands(slot.fd(), path)) left_out.push_back(path);
  }
  std::erase_if(paths, [&](const auto& path) { return !ignored.contains(path); });
  copy_files(*main, paths, slot.fd());
  return left_out;
}

}  // namespace gitplan
