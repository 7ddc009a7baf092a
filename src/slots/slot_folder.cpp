#include "slots/slot_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/gitfile.hpp"

namespace gitplan {
namespace {

/// `at` is where `piece` of the path stands.
[[noreturn]] void refuse(const std::string& path, std::string_view piece, const std::string& at) {
  if (errno == ELOOP || errno == ENOTDIR) {
    throw Error(ErrorKind::fatal,
                fmt::format("'{}': '{}' is a symbolic link or no folder; refused",
                            text::printable(path), text::printable(piece)),
                Hint{fmt::format("to see what it is, run: ls -ld {}", text::shell_quote(at))});
  }
  throw Error(ErrorKind::fatal,
              fmt::format("cannot open '{}': {}", text::printable(path), std::strerror(errno)));
}

/// ".../worktrees/<id>" both.
bool ends_alike(const std::string& a, const std::string& b) {
  const auto end = [](const std::string& path) {
    const auto slash = path.rfind("/worktrees/");
    return slash == std::string::npos ? path : path.substr(slash);
  };
  return end(a) == end(b);
}

/// Its git folder says that it is the worktree in this very folder.
bool is_worktree_of_another(const std::string& git_folder, int folder_fd) try {
  const auto back = read_file(join_path(git_folder, "gitdir"), 8192);
  if (!back) return false;
  struct stat mine {};
  struct stat theirs {};
  const std::string named(text::trim(*back));
  return ::fstatat(folder_fd, ".git", &mine, AT_SYMLINK_NOFOLLOW) == 0 &&
         ::lstat(named.c_str(), &theirs) == 0 && mine.st_dev == theirs.st_dev &&
         mine.st_ino == theirs.st_ino;
} catch (const Error&) {
  return false;
}

}  // namespace

Fd open_beneath(const std::string& root, const std::string& relative) {
  constexpr int folder = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  Fd fd(::open(root.c_str(), folder));
  if (!fd) refuse(root, root, root);
  std::string at = root;
  for (const std::string_view piece : text::split(relative, '/')) {
    if (piece.empty() || piece == ".") continue;
    if (piece == "..") {
      throw Error(ErrorKind::fatal, fmt::format("'{}' leads out of '{}'; refused",
                                                text::printable(relative), text::printable(root)));
    }
    at = join_path(at, piece);
    Fd next(::openat(fd.get(), std::string(piece).c_str(), folder | O_NOFOLLOW));
    if (!next && errno == ENOENT) return {};
    if (!next) refuse(join_path(root, relative), piece, at);
    fd = std::move(next);
  }
  return fd;
}

SlotFacts::DotGit named_by_dot_git(int folder_fd, const std::string& admin_folder) {
  using DotGit = SlotFacts::DotGit;
  const auto target = git::read_gitfile_in(folder_fd);
  if (!target) return DotGit::none;
  if (!admin_folder.empty() && git::same_folder(*target, admin_folder))
    return DotGit::this_worktree;
  if (!exists(*target)) {
    const bool same_name = ends_alike(*target, admin_folder);
    return !admin_folder.empty() && same_name ? DotGit::old_place : DotGit::none;
  }
  return is_worktree_of_another(*target, folder_fd) ? DotGit::other_repository : DotGit::none;
}

void refuse_moved(const Slot& slot) {
  throw Error(ErrorKind::wrong_state,
              fmt::format("'{}' still names the place where this repository stood before",
                          text::printable(slot.path)),
              Hint{fmt::format("to tell git where it stands now, run: git worktree repair {}",
                               text::shell_quote(slot.absolute_path))})
      .with_code("moved");
}

SlotFolder::SlotFolder(const SlotsPlace& place, Slot slot)
    : slot_(std::move(slot)),
      path_(join_path(join_path(place.root, place.folder), slot_.folder)),
      fd_(open_beneath(place.root, join_path(place.folder, slot_.folder))) {
  if (slot_.state == Slot::State::moved) refuse_moved(slot_);
  if (!fd_ || slot_.admin_folder.empty() ||
      named_by_dot_git(fd_.get(), slot_.admin_folder) != SlotFacts::DotGit::this_worktree) {
    throw Error(ErrorKind::wrong_state,
                fmt::format("'{}' is no worktree of this repository any more", slot_.path),
                Hint{fmt::format(
                    "to move what is there aside and free the slot, run: git wave worker remove {}",
                    slot_.number)});
  }
}

git::Command SlotFolder::prepared(std::vector<std::string> arguments, git::Command command) const {
  command.arguments = {"--git-dir=" + slot_.admin_folder, "--work-tree=."};
  for (auto& argument : arguments) command.arguments.push_back(std::move(argument));
  command.folder_fd = fd_.get();
  return command;
}

git::Outcome SlotFolder::git(std::vector<std::string> arguments, git::Command command) const {
  return git::run_git(prepared(std::move(arguments), std::move(command)));
}

std::string SlotFolder::git_checked(std::vector<std::string> arguments,
                                    git::Command command) const {
  return git::run_git_checked(prepared(std::move(arguments), std::move(command)));
}

}  // namespace gitplan
