#include "git/lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/repository.hpp"

namespace gitplan::git {
namespace {

using std::chrono::steady_clock;

/// Where a repository is shared with a group, "objects" has the mode that our folders need too.
void share_like(const std::string& path, const std::string& model, mode_t mask) {
  struct stat wanted {};
  if (stat(model.c_str(), &wanted) != 0 || (wanted.st_mode & S_IWGRP) == 0) return;
  if (chmod(path.c_str(), wanted.st_mode & mask) != 0) return;  // not ours: whoever made it did it
}

Fd open_lock_file(const std::string& path) {
  Fd fd(open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (!fd && errno == ENOENT) {
    fd.reset(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
    if (fd) share_like(path, path.substr(0, path.find_last_of('/')), 0666);
  }
  // Another user's lock file can be locked all the same.
  if (!fd && errno == EACCES) fd.reset(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (fd) return fd;
  throw Error(ErrorKind::fatal, fmt::format("cannot open '{}': {}", path, std::strerror(errno)));
}

std::string holder_of(const Fd& fd) {
  std::array<char, 32> buffer{};
  const ssize_t size = pread(fd.get(), buffer.data(), buffer.size(), 0);
  if (size <= 0) return "another process";
  const std::string_view pid =
      text::trim(std::string_view(buffer.data(), static_cast<std::size_t>(size)));
  return fmt::format("process {}", text::printable(pid));
}

/// Waits in small steps, so that an impatient caller can be told who has it.
void lock_file(const Fd& fd, const std::string& path, std::string_view name,
               std::chrono::milliseconds patience) {
  const auto deadline = steady_clock::now() + patience;
  auto pause = std::chrono::microseconds(200);
  while (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      throw Error(ErrorKind::fatal,
                  fmt::format("cannot lock '{}': {}", path, std::strerror(errno)));
    }
    if (steady_clock::now() >= deadline) {
      throw Error(ErrorKind::lost_race,
                  fmt::format("cannot take the lock '{}': {} holds it", name, holder_of(fd)),
                  Hint{fmt::format("to see who, run: fuser {}", text::shell_quote(path))})
          .with_code("locked");
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 3 / 2, std::chrono::microseconds(5000));
  }
}

/// Of one width, over what stood there: truncating first makes ext4 write to the disk at close (2
/// ms).
void write_holder(const Fd& fd) {
  const std::string line = fmt::format("{:<10}\n", getpid());
  if (pwrite(fd.get(), line.data(), line.size(), 0) < 0)
    return;  // read-only: the lock is what counts
}

}  // namespace

struct NamedLock::State {
  Fd fd;
  pid_t owner = 0;
};

std::string state_folder(const Repository& repository) {
  return join_path(repository.common_dir(), "git-plan");
}

std::string make_state_folder(const Repository& repository) {
  std::string folder = state_folder(repository);
  if (is_symlink(folder)) {
    throw Error(ErrorKind::fatal, fmt::format("'{}' is a symbolic link", folder));
  }
  if (exists(folder)) return folder;
  make_folders(folder);
  share_like(folder, join_path(repository.common_dir(), "objects"), 07777);
  return folder;
}

NamedLock::NamedLock(const Repository& repository, std::string_view name,
                     std::chrono::milliseconds patience) {
  static std::mutex guard;
  static std::map<std::string, std::weak_ptr<State>> held;
  const std::string path = join_path(make_state_folder(repository), fmt::format("{}.lock", name));
  const std::scoped_lock locked(guard);
  state_ = held[path].lock();
  if (state_ && state_->owner == getpid()) return;  // a forked child holds nothing of its parent's
  auto state = std::make_shared<State>();
  state->fd = open_lock_file(path);
  lock_file(state->fd, path, name, patience);
  write_holder(state->fd);
  state->owner = getpid();
  state_ = std::move(state);
  held[path] = state_;
}

NamedLock::NamedLock(NamedLock&&) noexcept = default;
NamedLock& NamedLock::operator=(NamedLock&&) noexcept = default;
NamedLock::~NamedLock() = default;

}  // namespace gitplan::git
