#include "slots/slot_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "base/error.hpp"
#include "base/text.hpp"

namespace gitplan {
namespace {

[[noreturn]] void refuse(const std::string& root, const std::string& relative,
                         std::string_view piece) {
  const std::string path = join_path(root, relative);
  if (errno == ELOOP || errno == ENOTDIR) {
    throw Error(ErrorKind::fatal,
                fmt::format("'{}': '{}' is a symbolic link or no folder; refused",
                            text::printable(path), text::printable(piece)),
                Hint{fmt::format("to see what it is, run: ls -ld {}", text::shell_quote(path))});
  }
  throw Error(ErrorKind::fatal,
              fmt::format("cannot open '{}': {}", text::printable(path), std::strerror(errno)));
}

std::string canonical(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr),
                                                         &std::free);
  return real ? std::string(real.get()) : path;
}

}  // namespace

Fd open_beneath(const std::string& root, const std::string& relative) {
  constexpr int folder = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  Fd fd(::open(root.c_str(), folder));
  if (!fd) refuse(root, ".", root);
  for (const std::string_view piece : text::split(relative, '/')) {
    if (piece.empty() || piece == ".") continue;
    if (piece == "..") {
      throw Error(ErrorKind::fatal, fmt::format("'{}' leads out of '{}'; refused",
                                                text::printable(relative), text::printable(root)));
    }
    Fd next(::openat(fd.get(), std::string(piece).c_str(), folder | O_NOFOLLOW));
    if (!next && errno == ENOENT) return {};
    if (!next) refuse(root, relative, piece);
    fd = std::move(next);
  }
  return fd;
}

bool belongs_to(int folder_fd, const std::string& admin_folder) {
  const Fd file(::openat(folder_fd, ".git", O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  struct stat info {};
  if (!file || ::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) return false;
  std::array<char, 8192> buffer{};
  const ssize_t size = ::read(file.get(), buffer.data(), buffer.size());
  if (size <= 0) return false;
  std::string_view content(buffer.data(), static_cast<std::size_t>(size));
  constexpr std::string_view key = "gitdir: ";
  if (!content.starts_with(key)) return false;
  content = text::trim(content.substr(key.size()));
  if (content == admin_folder) return true;
  if (!content.starts_with('/')) return false;  // relative worktrees: libgit2 1.5 cannot read them
  return canonical(std::string(content)) == canonical(admin_folder);
}

SlotFolder::SlotFolder(const SlotsPlace& place, Slot slot)
    : slot_(std::move(slot)),
      fd_(open_beneath(place.root, fmt::format("{}/worker-{}", place.folder, slot_.number))) {
  if (!fd_ || slot_.admin_folder.empty() || !belongs_to(fd_.get(), slot_.admin_folder)) {
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
