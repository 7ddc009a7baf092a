#include "commands/wave/parking_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>
#include <system_error>

#include "base/error.hpp"
#include "base/fd.hpp"

namespace gitplan::commands {
namespace {

Fd locked(const std::string& path) {
  constexpr mode_t mode = 0666;
  Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode));
  while (fd && ::flock(fd.get(), LOCK_EX) != 0 && errno == EINTR) {
  }
  if (fd) return fd;
  throw Error(ErrorKind::fatal,
              fmt::format("cannot open '{}': {}", path, std::generic_category().message(errno)));
}

}  // namespace

agents::Parkings ParkingFile::read() try {
  constexpr std::size_t most_bytes = 1U << 20U;
  const auto text = read_file(folder_ + "/parked", most_bytes);
  return text ? agents::decode_parkings(*text) : agents::Parkings{};
} catch (const Error&) {  // what somebody else put there
  return {};
}

agents::Parkings ParkingFile::update(const std::function<void(agents::Parkings&)>& change) {
  make_folders(folder_);
  const Fd turn = locked(folder_ + "/lock");
  agents::Parkings all = read();
  change(all);
  write_file_atomically(folder_ + "/parked", agents::encode(all));
  return all;
}

}  // namespace gitplan::commands
