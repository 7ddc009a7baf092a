#include "base/fd.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "base/error.hpp"
#include "base/text.hpp"

namespace gitplan {

namespace {

[[noreturn]] void fail(std::string_view problem, std::string_view path, int error) {
  throw Error(ErrorKind::fatal, fmt::format("{} '{}': {}", problem, text::printable(path),
                                            std::generic_category().message(error)));
}

std::string read_up_to(int fd, std::string_view name, std::size_t max_bytes, std::size_t expected) {
  std::string content;
  content.resize(std::min(expected, max_bytes) + 1);  // one more, to see the end without growing
  std::size_t used = 0;
  for (;;) {
    if (used == content.size()) content.resize(std::max<std::size_t>(4096, 2 * used));
    const ssize_t got = read(fd, content.data() + used, content.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("could not read", name, errno);
    used += static_cast<std::size_t>(got);
    if (used > max_bytes) {
      throw Error(ErrorKind::fatal,
                  fmt::format("'{}' is larger than {} bytes", text::printable(name), max_bytes));
    }
    if (got == 0) break;
  }
  content.resize(used);
  return content;
}

void write_all(int fd, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t wrote = write(fd, content.data(), content.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) fail("could not write", path, errno);
    content.remove_prefix(static_cast<std::size_t>(wrote));
  }
}

/// A new file beside `path`, gone again unless it was renamed.
class TemporaryFile {
 public:
  TemporaryFile(const std::string& path, mode_t mode) {
    static std::atomic<unsigned> serial{0};
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
    do {  // a name that is taken was left by a killed process of the same id
      name_ = fmt::format("{}.tmp-{}-{}", folder, getpid(), serial++);
      fd_.reset(open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
    } while (!fd_ && errno == EEXIST);
    if (!fd_) {
      const int error = errno;
      name_.clear();
      fail("could not create", path, error);
    }
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!name_.empty()) unlink(name_.c_str());
  }

  [[nodiscard]] int fd() const { return fd_.get(); }

  void rename_to(const std::string& path) {
    // Some file systems report a full disk only here.
    if (close(fd_.release()) != 0) fail("could not write", path, errno);
    if (rename(name_.c_str(), path.c_str()) != 0) fail("could not write", path, errno);
    name_.clear();
  }

 private:
  std::string name_;
  Fd fd_;
};

bool is_folder(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

}  // namespace

void Fd::reset(int fd) {
  if (fd_ >= 0 && fd_ != fd) close(fd_);
  fd_ = fd;
}

std::optional<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  // Without O_NONBLOCK, opening a named pipe would wait for its writer.
  const Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd) {
    if (errno == ENOENT || errno == ENOTDIR) return {};
    if (errno == ELOOP && is_symlink(path)) {
      throw Error(ErrorKind::fatal, fmt::format("'{}' is a symbolic link", text::printable(path)));
    }
    fail("could not open", path, errno);
  }
  struct stat info {};
  if (fstat(fd.get(), &info) != 0) fail("could not read", path, errno);
  if (!S_ISREG(info.st_mode)) {
    throw Error(ErrorKind::fatal, fmt::format("'{}' is not a regular file", text::printable(path)));
  }
  return read_up_to(fd.get(), path, max_bytes, static_cast<std::size_t>(info.st_size));
}

std::string read_named_file(const std::string& path, std::size_t max_bytes) {
  const Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) fail("could not open", path, errno);
  return read_up_to(fd.get(), path, max_bytes, 4096);
}

std::string read_all(int fd, std::string_view name, std::size_t max_bytes) {
  return read_up_to(fd, name, max_bytes, 4096);
}

void append_pipe_content(int fd, std::string& text) {
  int waiting = 0;
  if (::ioctl(fd, FIONREAD, &waiting) != 0) return;
  for (auto left = static_cast<std::size_t>(waiting); left > 0;) {
    const std::size_t before = text.size();
    text.resize(before + left);
    const ssize_t got = ::read(fd, text.data() + before, left);
    text.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    left -= static_cast<std::size_t>(got);
  }
}

void write_file_atomically(const std::string& path, std::string_view content, mode_t mode) {
  TemporaryFile temporary(path, mode);
  write_all(temporary.fd(), content, path);
  temporary.rename_to(path);
}

void make_folders(const std::string& path) {
  if (mkdir(path.c_str(), 0777) == 0) return;
  const int error = errno;
  if (is_folder(path)) return;
  const std::size_t last = path.find_last_not_of('/');
  const std::size_t slash = last == std::string::npos ? last : path.rfind('/', last);
  if (error != ENOENT || slash == std::string::npos || slash == 0) {
    fail("could not create folder", path, error == EEXIST ? ENOTDIR : error);
  }
  make_folders(path.substr(0, slash));
  if (mkdir(path.c_str(), 0777) != 0) {
    const int retried = errno;  // another process may have made it meanwhile
    if (!is_folder(path)) fail("could not create folder", path, retried);
  }
}

bool exists(const std::string& path) {
  struct stat info {};
  return lstat(path.c_str(), &info) == 0;
}

bool is_symlink(const std::string& path) {
  struct stat info {};
  return lstat(path.c_str(), &info) == 0 && S_ISLNK(info.st_mode);
}

std::string join_path(std::string_view folder, std::string_view name) {
  if (folder.empty()) return std::string(name);
  while (!name.empty() && name.front() == '/') name.remove_prefix(1);
  if (folder.back() == '/') return fmt::format("{}{}", folder, name);
  return fmt::format("{}/{}", folder, name);
}

}  // namespace gitplan
