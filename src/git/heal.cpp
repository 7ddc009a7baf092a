// Keeping what we wrote safe from a gc beside us: until a ref leads to it, `git gc --prune=now`
// takes it for garbage.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/repository_state.hpp"

namespace gitplan::git {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr std::size_t max_remembered = 512;
constexpr std::size_t max_remembered_bytes = 256U << 20U;
constexpr auto gc_patience = 2s;

enum class Gc {
  none,
  gentle,  ///< with git's grace of two weeks: it does not touch what is new
  harsh,   ///< or perhaps: it may delete what no ref led to when it started
};

/// The pid in gc.pid ("<pid> <host>"), if it is a process of this machine; else 0.
pid_t local_pid(std::string_view gc_pid) {
  const auto words = text::split(text::trim(gc_pid), ' ');
  std::array<char, 256> host{};
  pid_t pid = 0;
  if (words.size() != 2 || gethostname(host.data(), host.size() - 1) != 0) return 0;
  if (words[1] != host.data()) return 0;
  std::from_chars(words[0].data(), words[0].data() + words[0].size(), pid);
  return pid;
}

/// The words of a process's command line, each ended by NUL; empty if it has ended meanwhile.
std::string command_line_of(pid_t pid) {
  try {
    return read_file(fmt::format("/proc/{}/cmdline", pid)).value_or("");
  } catch (const Error&) {
    return "";  // gone between opening and reading
  }
}

/// "git gc" with nothing said about pruning.
bool is_gentle(const Repository& repository, pid_t pid) {
  const std::string words = command_line_of(pid);
  bool gc = false;
  for (const std::string_view word : text::split(words, '\0')) {
    if (word.find("prune") != std::string_view::npos) return false;
    gc = gc || word == "gc";
  }
  return gc && !recent_config(repository).text("gc.pruneExpire");
}

Gc running_gc(const Repository& repository, const std::string& gc_pid) {
  if (access(gc_pid.c_str(), F_OK) != 0) return Gc::none;
  const pid_t pid = local_pid(read_file(gc_pid, 4096).value_or(""));
  if (pid <= 0) return Gc::harsh;
  if (kill(pid, 0) != 0 && errno == ESRCH) return Gc::none;  // it was killed and left its file
  return is_gentle(repository, pid) ? Gc::gentle : Gc::harsh;
}

std::pair<ino_t, time_t> stamp_of(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return {};
  return {status.st_ino, status.st_mtime};
}

/// Only the gc that runs now is of interest: one that starts later sees our ref.
void wait_for_gc(const std::string& gc_pid) {
  const auto deadline = steady_clock::now() + gc_patience;
  const auto stamp = stamp_of(gc_pid);
  while (stamp_of(gc_pid) == stamp && steady_clock::now() < deadline) {
    std::this_thread::sleep_for(10ms);
  }
}

/// Writes again those of the last `count` objects that are gone.
void rewrite_missing(const Repository& repository, std::size_t count) {
  const std::string objects = join_path(repository.common_dir(), "objects");
  const auto& written = repository.state().written;
  OdbHandle fresh;
  for (std::size_t i = written.size() - std::min(count, written.size()); i < written.size(); ++i) {
    const WrittenObject& object = written[i];
    const std::string hex = object.id.hex();
    const std::string loose = fmt::format("{}/{}/{}", objects, hex.substr(0, 2), hex.substr(2));
    if (access(loose.c_str(), F_OK) == 0) continue;
    // Packed by the gc, in an alternate, or gone: only a database opened now tells, for the one we
    // have believes in what it has cached.
    if (!fresh) {
      check_libgit2(git_odb_open(out(fresh), objects.c_str()), "cannot open the object database");
    }
    const git_oid oid = to_libgit2(object.id);
    if (git_odb_exists(fresh.get(), &oid) == 1) continue;
    git_oid again;
    check_libgit2(write_beside_gc([&] {
                    return git_odb_write(&again, fresh.get(), object.content.data(),
                                         object.content.size(), object.type);
                  }),
                  "cannot write an object again that git gc has deleted");
  }
}

}  // namespace

void remember_written(const Repository& repository, const Oid& id, git_object_t type,
                      std::string content) {
  Repository::State& state = repository.state();
  state.written_bytes += content.size();
  state.written.push_back({id, type, std::move(content)});
  ++state.unswapped;
  while (state.written.size() > max_remembered ||
         (state.written_bytes > max_remembered_bytes && state.written.size() > 8)) {
    state.written_bytes -= state.written.front().content.size();
    state.written.pop_front();
  }
}

Oid write_object(const Repository& repository, git_object_t type, std::string content) {
  git_oid oid;
  check_libgit2(write_beside_gc([&] {
                  return git_odb_write(&oid, odb_of(repository), content.data(), content.size(),
                                       type);
                }),
                fmt::format("cannot write a {}", git_object_type2string(type)));
  const Oid id = from_libgit2(oid);
  remember_written(repository, id, type, std::move(content));
  return id;
}

void rewrite_before_swap(const Repository& repository) {
  rewrite_missing(repository, std::exchange(repository.state().unswapped, 0));
}

void heal_after_gc(const Repository& repository) {
  Repository::State& state = repository.state();
  if (state.written.empty()) return;
  const std::string gc_pid = join_path(repository.common_dir(), "gc.pid");
  Gc gc = running_gc(repository, gc_pid);
  if (gc == Gc::harsh) {
    wait_for_gc(gc_pid);
    gc = running_gc(repository, gc_pid);
  }
  rewrite_missing(repository, state.written.size());
  // While it still runs it may yet delete; the next call looks again.
  if (gc == Gc::harsh) return;
  state.written.clear();
  state.written_bytes = 0;
  state.unswapped = 0;
}

}  // namespace gitplan::git
