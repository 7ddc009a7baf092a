#include "git/lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "base/error.hpp"
#include "base/process_identity.hpp"
#include "base/text.hpp"
#include "git/process.hpp"
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

// What the file holds: who has, or had, the lock and since when; then a mark that others wait.
//   <process id> <nanoseconds>     31 columns
//   "-" or "w"
constexpr std::size_t turn_size = 31;
constexpr off_t mark_offset = turn_size + 1;
constexpr auto longest_pause = std::chrono::microseconds(5000);

/// The line of the turn that is taken, or was last; empty if nothing can be read.
std::string turn_of(const Fd& fd) {
  std::array<char, turn_size> buffer{};
  const ssize_t size = pread(fd.get(), buffer.data(), buffer.size(), 0);
  return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
}

std::string holder_of(std::string_view turn) {
  const std::string_view pid = turn.substr(0, turn.find_first_of(" \n"));
  if (pid.empty()) return "another process";
  return fmt::format("process {}", text::printable(pid));
}

bool has_open(int pid, const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::directory_iterator files(fmt::format("/proc/{}/fd", pid), error);
  return std::any_of(begin(files), end(files), [&](const fs::directory_entry& file) {
    return fs::equivalent(file.path(), path, error);
  });
}

/// Who has the lock waits for what it started, a hook of git's perhaps: if that is this process, it
/// would be waited for in vain.
bool waits_for_us(std::string_view turn, const std::string& path) {
  int holder = 0;
  std::from_chars(turn.data(), turn.data() + turn.size(), holder);
  return is_waited_for_by(holder) && comes_from(holder) && has_open(holder, path);
}

[[noreturn]] void refuse_to_wait(std::string_view name, std::string_view turn) {
  throw Error(ErrorKind::lost_race,
              fmt::format("cannot take the lock '{}': {} holds it, and waits for this command, "
                          "which one of its hooks runs",
                          name, holder_of(turn)))
      .with_code("locked");
}

/// Of one width, over what stood there: truncating first makes ext4 write to the disk at close (2
/// ms).
void write_turn(const Fd& fd) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::string lines =
      fmt::format("{:<10} {:<20}\n-", getpid(), std::chrono::nanoseconds(now).count());
  if (pwrite(fd.get(), lines.data(), lines.size(), 0) < 0)
    return;  // read-only: the lock is what counts
}

void mark_waiting(const Fd& fd) {
  if (pwrite(fd.get(), "w", 1, mark_offset) < 0) return;
}

bool is_waited_for(const Fd& fd) {
  char mark = '-';
  return pread(fd.get(), &mark, 1, mark_offset) == 1 && mark == 'w';
}

/// Waits in small steps, so that an impatient caller can be told who has it. A queue that moves is
/// waited in however long it is: `patience` is for one turn.
void lock_file(const Fd& fd, const std::string& path, std::string_view name,
               std::chrono::milliseconds patience) {
  auto deadline = steady_clock::now() + patience;
  auto pause = std::chrono::microseconds(200);
  std::string seen;
  while (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      throw Error(ErrorKind::fatal,
                  fmt::format("cannot lock '{}': {}", path, std::strerror(errno)));
    }
    if (std::string turn = turn_of(fd); turn != seen) {
      if (waits_for_us(turn, path)) refuse_to_wait(name, turn);
      seen = std::move(turn);
      deadline = steady_clock::now() + patience;
    }
    if (steady_clock::now() >= deadline) {
      throw Error(ErrorKind::lost_race,
                  fmt::format("cannot take the lock '{}': {} holds it", name, holder_of(seen)),
                  Hint{fmt::format("to see who, run: fuser {}", text::shell_quote(path))})
          .with_code("locked");
    }
    mark_waiting(fd);
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 3 / 2, longest_pause);
  }
}

/// Locks that this process let go while others waited: who takes one again at once would be there
/// before any of them.
class LetGo {
 public:
  void add(const std::string& path) {
    const std::scoped_lock locked(guard_);
    paths_.insert(path);
  }
  bool forget(const std::string& path) {
    const std::scoped_lock locked(guard_);
    return paths_.erase(path) > 0;
  }

 private:
  std::mutex guard_;
  std::set<std::string> paths_;
};

constexpr std::array<std::string_view, 12> order = {"queue-", "slot-", "slots",       "flow",
                                                    "plans",  "push",  "checkout",    "worktrees",
                                                    "seen",   "refs",  "stale-locks", "verified"};

/// The place in the table of lock.hpp; after all of it where it has none.
std::size_t rank_of(std::string_view name) {
  const auto is_it = [name](std::string_view one) {
    return one.ends_with('-') ? name.starts_with(one) : name == one;
  };
  return static_cast<std::size_t>(std::ranges::find_if(order, is_it) - order.begin());
}

LetGo& let_go_to_others() {
  static LetGo locks;
  return locks;
}

}  // namespace

struct NamedLock::State {
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (owner == getpid() && is_waited_for(fd)) let_go_to_others().add(path);
  }

  std::string path;
  Fd fd;
  pid_t owner = 0;
  std::size_t rank = 0;
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
  const std::size_t rank = rank_of(name);
  assert(std::ranges::none_of(held, [&](const auto& one) {
    const auto other = one.second.lock();
    return other && other->owner == getpid() && other->rank > rank;
  }));
  auto state = std::make_shared<State>();
  state->path = path;
  state->rank = rank;
  state->fd = open_lock_file(path);
  if (let_go_to_others().forget(path)) std::this_thread::sleep_for(2 * longest_pause);
  lock_file(state->fd, path, name, patience);
  write_turn(state->fd);
  state->owner = getpid();
  state_ = std::move(state);
  held[path] = state_;
}

std::optional<NamedLock> try_lock(const Repository& repository, std::string_view name) try {
  return NamedLock(repository, name, std::chrono::milliseconds(0));
} catch (const Error& error) {
  if (error.kind() != ErrorKind::lost_race) throw;
  return std::nullopt;
}

NamedLock::NamedLock(NamedLock&&) noexcept = default;
NamedLock& NamedLock::operator=(NamedLock&&) noexcept = default;
NamedLock::~NamedLock() = default;

}  // namespace gitplan::git
