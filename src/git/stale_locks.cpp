// Clearing up after our own dead. A lock goes only if a note names it, all that the note names have
// ended, it was made after the note, and it does not change while we watch.
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "git/file_identity.hpp"
#include "git/lock.hpp"
#include "git/lock_note.hpp"
#include "git/note_holders.hpp"
#include "git/repository.hpp"

namespace gitplan::git {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto watch_time = 300ms;

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

/// A note that was never finished, of a process that was killed while it wrote it.
void remove_if_old(const std::string& path) {
  struct stat status {};
  const bool old = lstat(path.c_str(), &status) == 0 && std::time(nullptr) - status.st_mtime > 60;
  if (old) unlink(path.c_str());
}

enum class Tidy { no, unfinished };

std::vector<std::string> notes_in(const std::string& folder, Tidy tidy = Tidy::unfinished) {
  std::vector<std::string> paths;
  const std::unique_ptr<DIR, CloseFolder> listing(opendir(folder.c_str()));
  if (!listing) return paths;
  while (const dirent* entry = readdir(listing.get())) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (name.front() == '.') {
      if (tidy == Tidy::unfinished) remove_if_old(join_path(folder, name));
    } else {
      paths.push_back(join_path(folder, name));
    }
  }
  return paths;
}

/// Only names that git itself gives to its locks.
bool looks_like_lock(const std::string& path) {
  return path.starts_with('/') && path.find("/../") == std::string::npos &&
         (path.ends_with(".lock") || path.ends_with("/packed-refs.new"));
}

/// A note of the dead, opened and flocked by us.
struct DeadNote {
  std::string path;
  Fd fd;
  FileIdentity identity;
  NoteText text;
};

bool any_alive(const std::vector<ProcessIdentity>& processes) {
  return std::any_of(processes.begin(), processes.end(), is_alive);
}

struct StaleLock {
  std::string path;
  FileIdentity identity;
};

/// True if the noted program has put its lock in the place of the file since, and so let go of it.
bool was_let_go(const NotedLock& lock, const FileIdentity& note) {
  constexpr std::size_t kEnding = 5;  // ".lock"
  if (!lock.is_taken_once) return false;
  const auto file = identify(lock.path.substr(0, lock.path.size() - kEnding));
  return file && file->born > note.born;
}

std::vector<StaleLock> stale_locks_of(const DeadNote& note) {
  std::vector<StaleLock> stale;
  for (const NotedLock& lock : note.text.locks) {
    if (!looks_like_lock(lock.path)) continue;
    const auto identity = identify(lock.path);
    if (!identity || identity->inode == lock.foreign_inode) continue;
    if (identity->born < note.identity.born || was_let_go(lock, note.identity)) continue;
    stale.push_back({lock.path, *identity});
  }
  return stale;
}

/// True while one of them is so young that whoever outlives the owner may be about to finish.
bool any_younger_than(std::chrono::nanoseconds age, const std::vector<StaleLock>& locks) {
  return std::any_of(locks.begin(), locks.end(), [&](const StaleLock& lock) {
    return file_time() - std::max(lock.identity.born, lock.identity.changed) < age.count();
  });
}

/// Where a daemon that a hook left is all that holds the note.
bool is_left_by(const DeadNote& note, const std::vector<StaleLock>& locks) {
  std::vector<std::uint64_t> inodes;
  for (const StaleLock& lock : locks) inodes.push_back(lock.identity.inode);
  return !any_alive(note.text.processes) && !may_be_used(note.identity.inode, inodes);
}

/// Nothing if somebody it names is alive. Children that outlive a killed owner are waited for, as
/// long as its locks are younger than `patience`.
std::optional<DeadNote> open_dead_note(const std::string& path, std::chrono::milliseconds patience,
                                       steady_clock::time_point deadline) {
  for (;;) {
    DeadNote note;
    note.path = path;
    note.fd.reset(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    const auto identity = identify(path);
    const auto content = read_file(path, 1U << 20U);
    if (!note.fd || !identity || !content) return std::nullopt;
    note.identity = *identity;
    note.text = parse_note(*content);
    const auto& processes = note.text.processes;
    if (!processes.empty() && is_alive(processes.front())) return std::nullopt;
    if (!any_alive(processes) && flock(note.fd.get(), LOCK_EX | LOCK_NB) == 0) return note;
    const auto locks = stale_locks_of(note);
    if (locks.empty()) return std::nullopt;
    if (!any_younger_than(patience, locks) && is_left_by(note, locks)) return note;
    if (!any_younger_than(patience, locks) || steady_clock::now() >= deadline) return std::nullopt;
    std::this_thread::sleep_for(20ms);
  }
}

/// One elsewhere, in another container perhaps, is known by the lock that it holds on its note.
bool is_held(const std::string& path) {
  const Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  return fd && flock(fd.get(), LOCK_SH | LOCK_NB) != 0;
}

bool has_dead_owner(const std::string& path) {
  const auto content = read_file(path, 1U << 20U);
  if (!content) return false;
  const NoteText note = parse_note(*content);
  if (note.processes.empty()) return true;
  const Life life = life_of(note.processes.front());
  return life == Life::dead || (life == Life::elsewhere && !is_held(path));
}

}  // namespace

void clear_stale_locks(const Repository& repository, std::chrono::milliseconds patience) {
  std::vector<std::string> paths = notes_in(notes_folder(repository));
  std::erase_if(paths, [](const std::string& path) { return !has_dead_owner(path); });
  if (paths.empty()) return;

  const NamedLock one_at_a_time(repository, "stale-locks");
  const auto deadline = steady_clock::now() + patience;
  std::vector<DeadNote> notes;
  std::vector<StaleLock> stale;
  for (const std::string& path : paths) {
    auto note = open_dead_note(path, patience, deadline);
    if (!note) continue;
    const auto locks = stale_locks_of(*note);
    stale.insert(stale.end(), locks.begin(), locks.end());
    notes.push_back(*std::move(note));
  }
  if (!stale.empty()) std::this_thread::sleep_for(watch_time);
  for (const StaleLock& lock : stale) {
    if (identify(lock.path) == lock.identity) unlink(lock.path.c_str());
  }
  for (const DeadNote& note : notes) unlink(note.path.c_str());
}

std::vector<std::string> stale_locks(const Repository& repository) {
  std::vector<std::string> stale;
  for (const std::string& path : notes_in(notes_folder(repository), Tidy::no)) {
    const auto note = open_dead_note(path, child_patience, steady_clock::now());
    if (!note) continue;
    for (const StaleLock& lock : stale_locks_of(*note)) stale.push_back(lock.path);
  }
  return stale;
}

}  // namespace gitplan::git
