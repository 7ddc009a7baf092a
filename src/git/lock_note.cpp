#include "git/lock_note.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/lock.hpp"
#include "git/repository.hpp"

namespace gitplan::git {
namespace {

/// Descriptors of the notes that live, for children between fork and exec. 0: a free place.
std::array<std::atomic<int>, 16> live_notes{};

void announce(int fd) {
  for (auto& place : live_notes) {
    int free = 0;
    if (place.compare_exchange_strong(free, fd)) return;
  }
  throw Error(ErrorKind::fatal, "too many lock notes at the same time");
}

void withdraw(int fd) {
  for (auto& place : live_notes) {
    int mine = fd;
    if (place.compare_exchange_strong(mine, 0)) return;
  }
}

std::uint64_t inode_of(const std::string& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

Fd create_note(const std::string& path, std::string_view content) {
  Fd fd(open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (!fd || flock(fd.get(), LOCK_EX | LOCK_NB) != 0 ||
      write(fd.get(), content.data(), content.size()) != static_cast<ssize_t>(content.size())) {
    throw Error(ErrorKind::fatal, fmt::format("cannot write '{}': {}", path, std::strerror(errno)));
  }
  return fd;
}

bool take_number(std::string_view& text, std::uint64_t& number) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return true;
}

void parse_record(std::string_view record, NoteText& note) {
  const bool process = record.starts_with("owner ") || record.starts_with("child ");
  if (process) {
    ProcessIdentity identity = decode_process(record.substr(6), ' ');
    if (identity.pid <= 0) return;
    // A child between fork and exec writes no more than it must.
    if (!note.processes.empty()) identity.space = note.processes.front().space;
    note.processes.push_back(identity);
  } else if (record.starts_with("lock ") || record.starts_with("once ")) {
    NotedLock lock;
    lock.is_taken_once = record.starts_with("once ");
    record.remove_prefix(5);
    if (!take_number(record, lock.foreign_inode)) return;
    lock.path = record;
    note.locks.push_back(std::move(lock));
  }
}

/// Writes a number in decimal; async-signal-safe.
char* put_number(char* end, std::uint64_t number) {
  std::array<char, 20> digits;
  std::size_t count = 0;
  do {
    digits[count++] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  while (count > 0) *end++ = digits[--count];
  return end;
}

/// Field 22 of /proc/self/stat, without allocating; 0 if it cannot be read.
std::uint64_t own_start_time() {
  std::array<char, 1024> text{};
  const int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  const ssize_t size = read(fd, text.data(), text.size() - 1);
  close(fd);
  if (size <= 0) return 0;
  const char* field = std::strrchr(text.data(), ')');
  if (field == nullptr) return 0;
  for (int i = 2; i < 22 && field != nullptr; ++i) field = std::strchr(field + 1, ' ');
  std::uint64_t value = 0;
  for (const char* c = field == nullptr ? "" : field + 1; *c >= '0' && *c <= '9'; ++c) {
    value = value * 10 + static_cast<std::uint64_t>(*c - '0');
  }
  return value;
}

}  // namespace

std::string notes_folder(const Repository& repository) {
  return join_path(state_folder(repository), "notes");
}

std::string render_note(const NoteText& note) {
  std::string text;
  const char* role = "owner";
  for (const ProcessIdentity& process : note.processes) {
    text += fmt::format("{} {}", role, encode(process, ' ')) + '\0';
    role = "child";
  }
  for (const NotedLock& lock : note.locks) {
    text += fmt::format("{} {} {}", lock.is_taken_once ? "once" : "lock", lock.foreign_inode,
                        lock.path) +
            '\0';
  }
  return text;
}

NoteText parse_note(std::string_view text) {
  NoteText note;
  for (auto end = text.find('\0'); end != std::string_view::npos; end = text.find('\0')) {
    parse_record(text.substr(0, end), note);
    text.remove_prefix(end + 1);
  }
  return note;
}

LockNote::LockNote(const Repository& repository, std::vector<std::string> lock_files, Taken taken) {
  static std::atomic<unsigned> counter{0};
  NoteText note{{this_process()}, {}};
  for (std::string& path : lock_files) {
    const std::uint64_t inode = inode_of(path);
    note.locks.push_back({std::move(path), inode, taken == Taken::once});
  }
  const std::string folder = notes_folder(repository);
  if (!exists(folder)) {
    make_state_folder(repository);
    make_folders(folder);
  }
  const std::string name = fmt::format("{}-{}", note.processes.front().pid, ++counter);
  const std::string hidden = join_path(folder, "." + name);
  path_ = join_path(folder, name);
  unlink(hidden.c_str());  // of a dead process with our id
  Fd fd = create_note(hidden, render_note(note));
  announce(fd.get());
  fd_ = fd.release();
  // Only under its name does it count: complete, and held.
  if (rename(hidden.c_str(), path_.c_str()) != 0) {
    const int reason = errno;
    withdraw(fd_);
    close(fd_);
    throw Error(ErrorKind::fatal,
                fmt::format("cannot write '{}': {}", path_, std::strerror(reason)));
  }
}

LockNote::LockNote(LockNote&& other) noexcept
    : path_(std::exchange(other.path_, {})), fd_(std::exchange(other.fd_, -1)) {}

LockNote::~LockNote() {
  if (fd_ < 0) return;
  unlink(path_.c_str());
  withdraw(fd_);
  close(fd_);
}

bool has_live_notes() noexcept {
  return std::any_of(live_notes.begin(), live_notes.end(),
                     [](const std::atomic<int>& place) { return place.load() != 0; });
}

void note_this_process() noexcept {
  std::array<char, 64> record{};
  char* end = record.data();
  std::memcpy(end, "child ", 6);
  end = put_number(end + 6, static_cast<std::uint64_t>(getpid()));
  *end++ = ' ';
  end = put_number(end, own_start_time());
  *end++ = '\0';
  for (auto& place : live_notes) {
    const int fd = place.load();
    if (fd == 0) continue;
    const ssize_t ignored = write(fd, record.data(), static_cast<std::size_t>(end - record.data()));
    static_cast<void>(ignored);
    fcntl(fd, F_SETFD,
          0);  // the program keeps the note's flock as long as it, or a child of its, lives
  }
}

}  // namespace gitplan::git
