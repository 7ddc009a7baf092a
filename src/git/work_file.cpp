#include "git/work_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>

#include "base/text.hpp"

namespace gitplan::git {
namespace {

WorkFile::Kind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return WorkFile::Kind::file;
  if (S_ISLNK(mode)) return WorkFile::Kind::link;
  return S_ISDIR(mode) ? WorkFile::Kind::folder : WorkFile::Kind::other;
}

std::size_t read_fully(int fd, std::array<char, 65536>& buffer) {
  std::size_t used = 0;
  while (used < buffer.size()) {
    const ssize_t length = read(fd, buffer.data() + used, buffer.size() - used);
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) break;
    used += static_cast<std::size_t>(length);
  }
  return used;
}

Likeness compare_content(const Fd& file, const Fd& example) {
  if (!file || !example) return Likeness::different;
  std::array<char, 65536> ours;
  std::array<char, 65536> theirs;
  for (;;) {
    const std::size_t our_size = read_fully(file.get(), ours);
    const std::size_t their_size = read_fully(example.get(), theirs);
    if (our_size > their_size || std::memcmp(ours.data(), theirs.data(), our_size) != 0) {
      return Likeness::different;
    }
    if (our_size < their_size) return Likeness::begun;
    if (our_size == 0) return Likeness::same;
  }
}

}  // namespace

WorkFile::WorkFile(const std::string& top, const std::string& path) {
  folder_.reset(open(top.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  std::string rest = path;
  for (std::size_t slash = rest.find('/'); folder_ && slash != std::string::npos;
       slash = rest.find('/')) {
    const std::string step = rest.substr(0, slash);
    rest.erase(0, slash + 1);
    const int next =
        openat(folder_.get(), step.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (next < 0) kind_ = errno == ENOENT ? Kind::missing : Kind::unreachable;
    folder_.reset(next);
  }
  name_ = std::move(rest);
  if (!folder_) return;
  if (fstatat(folder_.get(), name_.c_str(), &status_, AT_SYMLINK_NOFOLLOW) == 0) {
    kind_ = kind_of(status_.st_mode);
  } else if (errno != ENOENT) {
    kind_ = Kind::unreachable;
  }
}

Fd WorkFile::open_to_read() const {
  return Fd(openat(folder_.get(), name_.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
}

std::string WorkFile::link_target() const {
  std::array<char, PATH_MAX> target{};
  const ssize_t length = readlinkat(folder_.get(), name_.c_str(), target.data(), target.size());
  return length < 0 ? "" : std::string(target.data(), static_cast<std::size_t>(length));
}

bool WorkFile::remove() const {
  if (!folder_) return false;
  return unlinkat(folder_.get(), name_.c_str(), kind_ == Kind::folder ? AT_REMOVEDIR : 0) == 0;
}

Likeness compare(const WorkFile& file, const WorkFile& example) {
  using Kind = WorkFile::Kind;
  if (file.kind() != example.kind()) return Likeness::different;
  switch (file.kind()) {
    case Kind::missing:
      return Likeness::same;
    case Kind::link:
      return file.link_target() == example.link_target() ? Likeness::same : Likeness::different;
    case Kind::file:
      if (file.is_executable() != example.is_executable()) return Likeness::different;
      return compare_content(file.open_to_read(), example.open_to_read());
    case Kind::folder:  // a submodule's, whose own content is its own business
      return Likeness::same;
    case Kind::other:
    case Kind::unreachable:
      break;
  }
  return Likeness::different;
}

void remove_empty_folders_above(const std::string& top, const std::string& path) {
  for (std::size_t slash = path.rfind('/'); slash != std::string::npos && slash > 0;
       slash = path.rfind('/', slash - 1)) {
    const WorkFile folder(top, path.substr(0, slash));
    if (folder.kind() == WorkFile::Kind::missing) continue;
    if (folder.kind() != WorkFile::Kind::folder || !folder.remove()) return;
  }
}

}  // namespace gitplan::git
