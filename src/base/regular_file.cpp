#include "base/regular_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"

namespace gitplan {

bool is_regular_file(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

std::string read_regular_file(const std::string& path, std::size_t max_bytes) {
  const std::string name = text::printable(path);
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) {
    throw Error(ErrorKind::fatal, fmt::format("could not open '{}': {}", name,
                                              std::generic_category().message(errno)));
  }
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode))
    throw Error(ErrorKind::fatal, fmt::format("'{}' is not a regular file", name));
  return read_all(fd.get(), path, max_bytes);
}

}  // namespace gitplan
