#include "git/presence.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <map>
#include <mutex>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "git/lock.hpp"

namespace gitplan::git {
namespace {

std::string alive_folder(const std::string& state) { return state + "/alive"; }

std::string name_of(const ProcessIdentity& process) { return encode(process, '-'); }

/// Made and held; nothing if a cleaner took it between the two.
Fd hold_file(const std::string& path) {
  Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (!fd || ::flock(fd.get(), LOCK_EX) != 0) {
    throw Error(ErrorKind::fatal, fmt::format("cannot write '{}': {}", path, std::strerror(errno)));
  }
  struct stat held {};
  if (::fstat(fd.get(), &held) != 0 || held.st_nlink == 0) return {};
  return fd;
}

/// The file of this process, removed at its end. Killed, it leaves the file, free.
class Presence {
 public:
  explicit Presence(std::string path) : path_(std::move(path)), owner_(::getpid()) {
    while (!fd_) fd_ = hold_file(path_);
  }
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;
  ~Presence() {
    if (owner_ == ::getpid()) ::unlink(path_.c_str());
  }
  [[nodiscard]] bool is_ours() const { return owner_ == ::getpid(); }
  /// The file of that name, which may have been moved with its repository.
  [[nodiscard]] bool holds(const std::string& path) const {
    struct stat held {};
    struct stat there {};
    return ::fstat(fd_.get(), &held) == 0 && ::lstat(path.c_str(), &there) == 0 &&
           held.st_dev == there.st_dev && held.st_ino == there.st_ino;
  }

 private:
  std::string path_;
  int owner_;
  Fd fd_;
};

enum class File { missing, held, free };

File look_at(const std::string& path, std::time_t& made) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd) return errno == ENOENT ? File::missing : File::held;
  struct stat info {};
  if (::fstat(fd.get(), &info) == 0) made = info.st_mtime;
  return ::flock(fd.get(), LOCK_SH | LOCK_NB) == 0 ? File::free : File::held;
}

std::time_t boot_time() {
  timespec since_boot{};
  ::clock_gettime(CLOCK_BOOTTIME, &since_boot);
  return std::time(nullptr) - since_boot.tv_sec;
}

}  // namespace

ProcessIdentity announced_process(const Repository& repository) {
  static std::mutex guard;
  static std::map<std::string, Presence> presences;
  const std::scoped_lock locked(guard);
  const ProcessIdentity self = this_process();
  const std::string folder = alive_folder(make_state_folder(repository));
  const std::string path = join_path(folder, name_of(self));
  const auto holds_it = [&](const auto& one) { return one.second.holds(path); };
  if (!presences.contains(path) && std::ranges::none_of(presences, holds_it)) {
    if (!exists(folder)) make_folders(folder);
    presences.try_emplace(path, path);
  }
  return self;
}

bool may_be_alive(const std::string& state_folder, const ProcessIdentity& process) {
  const Life life = life_of(process);
  if (life != Life::elsewhere) return life == Life::alive;
  std::time_t made = 0;
  const File file = look_at(join_path(alive_folder(state_folder), name_of(process)), made);
  if (file != File::free) return file == File::held;
  return process.space.boot != this_space().boot && made > boot_time();
}

bool may_be_alive(const Repository& repository, const ProcessIdentity& process) {
  return may_be_alive(state_folder(repository), process);
}

bool others_may_live(const Repository& repository) {
  const std::string state = state_folder(repository);
  const std::string self = name_of(this_process());
  std::error_code error;
  for (std::filesystem::directory_iterator entry(alive_folder(state), error);
       !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name != self && may_be_alive(state, decode_process(name, '-'))) return true;
  }
  return false;
}

void clear_the_dead(const Repository& repository) {
  const std::string state = state_folder(repository);
  std::error_code error;
  for (std::filesystem::directory_iterator entry(alive_folder(state), error);
       !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const std::string path = entry->path().string();
    const ProcessIdentity process = decode_process(entry->path().filename().string(), '-');
    if (may_be_alive(state, process)) continue;
    // Whoever is just making it takes it only once it has both the file and the lock.
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) ::unlink(path.c_str());
  }
}

}  // namespace gitplan::git
