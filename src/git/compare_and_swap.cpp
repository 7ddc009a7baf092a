// Moving refs: every move is a compare-and-swap, locks of others are waited for.
#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <functional>
#include <iterator>
#include <thread>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/identity.hpp"
#include "git/lock.hpp"
#include "git/ref_files.hpp"
#include "git/refs.hpp"
#include "git/repository_state.hpp"
#include "git/update_ref.hpp"

namespace gitplan::git {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto lock_patience = 2s;

/// SIGINT, SIGTERM and SIGHUP wait while it lives: libgit2 does not remove its lock when killed.
class SignalsWait {
 public:
  SignalsWait() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
    pthread_sigmask(SIG_BLOCK, &signals, &before_);
  }
  SignalsWait(const SignalsWait&) = delete;
  SignalsWait& operator=(const SignalsWait&) = delete;
  ~SignalsWait() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

void set_reflog_identity(const Repository& repository) {
  const auto person = known_committer(repository);
  git_repository_set_ident(repository.handle(), person ? person->name.c_str() : nullptr,
                           person ? person->email.c_str() : nullptr);
}

Attempt swap_in_process(const Repository& repository, const RefChange& change,
                        std::string_view reflog_message) {
  const git_oid desired = to_libgit2(change.desired);
  const git_oid expected = to_libgit2(change.expected);
  set_reflog_identity(repository);
  ReferenceHandle reference;
  const int result =
      git_reference_create_matching(out(reference), repository.handle(), change.name.c_str(),
                                    &desired, 1, &expected, std::string(reflog_message).c_str());
  if (result == 0) return {Attempt::Result::swapped, ""};
  const std::string reason = libgit2_message();
  if (result == GIT_EMODIFIED) return {Attempt::Result::lost_race, reason};
  if (result == GIT_ELOCKED) return {Attempt::Result::locked, reason};
  if (result == GIT_ENOTFOUND) {
    // Class OS: pack-refs removed the folder just before the lock was to be made in it.
    return {libgit2_error_class() == GIT_ERROR_OS ? Attempt::Result::locked
                                                  : Attempt::Result::lost_race,
            reason};
  }
  return {Attempt::Result::failed, reason};
}

std::string short_name(std::string_view name) {
  constexpr std::string_view heads = "refs/heads/";
  return std::string(name.starts_with(heads) ? name.substr(heads.size()) : name);
}

[[noreturn]] void throw_in_the_way(const std::string& name, const std::string& other) {
  const std::string branch = short_name(other);
  const std::string aside = name.starts_with(other) ? branch + "-old" : "old-" + branch;
  const std::string command =
      other == branch ? fmt::format("to see it, run: git for-each-ref {}", text::shell_quote(other))
                      : fmt::format("to move it aside, run: git branch -m {} {}",
                                    text::shell_quote(branch), text::shell_quote(aside));
  throw Error(ErrorKind::wrong_state, fmt::format("cannot create '{}': '{}' exists", name, other),
              Hint{command})
      .with_code("ref_in_the_way");
}

[[noreturn]] void throw_failed(const Repository& repository, const RefChange& change,
                               const Attempt& attempt) {
  if (change.expected.is_zero()) {
    if (const auto other = ref_in_the_way(repository, change.name)) {
      throw_in_the_way(change.name, *other);
    }
  }
  throw Error(ErrorKind::fatal,
              fmt::format("cannot move '{}': {}", change.name, text::printable(attempt.reason)));
}

[[noreturn]] void throw_refused(const RefChange& change, const Attempt& attempt) {
  throw Error(ErrorKind::fatal,
              fmt::format("the reference-transaction hook refuses to move '{}': {}", change.name,
                          text::printable(attempt.reason)),
              Hint{"to see where hooks are, run: git rev-parse --git-path hooks"})
      .with_code("hook_refused");
}

[[noreturn]] void throw_locked(const Repository& repository, const RefChange& change,
                               const Attempt& attempt) {
  std::string path = loose_path(repository, change.name) + ".lock";
  if (!exists(path)) path = join_path(repository.common_dir(), "packed-refs.lock");
  if (!exists(path)) {
    throw Error(ErrorKind::lost_race,
                fmt::format("cannot lock '{}': {}", change.name, text::printable(attempt.reason)));
  }
  throw Error(ErrorKind::lost_race,
              fmt::format("cannot lock '{}': another program holds '{}'", change.name, path),
              Hint{fmt::format("if no other git program runs here, run: rm -f {}",
                               text::shell_quote(path))})
      .with_code("locked");
}

/// flock(2) makes the update fair among us; it needs a folder to write to, correctness does not.
std::optional<NamedLock> take_turn(const Repository& repository) {
  try {
    return NamedLock(repository, refs_lock);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::lost_race) throw;
    return std::nullopt;
  }
}

std::optional<LockNote> note_locks(const Repository& repository, std::vector<std::string> files) {
  try {
    return LockNote(repository, std::move(files));
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// Tries until it is decided; a lock that stays is judged once it looks old, and given up after 2
/// s.
SwapResult until_decided(const Repository& repository, const RefChange& change,
                         const std::function<Attempt()>& try_once) {
  const auto start = steady_clock::now();
  auto next_look = start + 100ms;
  auto pause = std::chrono::milliseconds(1);
  for (;;) {
    const Attempt attempt = try_once();
    if (attempt.result == Attempt::Result::swapped) return SwapResult::swapped;
    if (attempt.result == Attempt::Result::lost_race) return SwapResult::lost_race;
    if (attempt.result == Attempt::Result::refused) throw_refused(change, attempt);
    if (attempt.result == Attempt::Result::failed) throw_failed(repository, change, attempt);
    if (steady_clock::now() - start > lock_patience) throw_locked(repository, change, attempt);
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, 50ms);
    if (steady_clock::now() >= next_look) {
      clear_stale_locks(repository);
      next_look = steady_clock::now() + 500ms;
    }
  }
}

SwapResult swap_with_git(const Repository& repository, const std::vector<RefChange>& changes,
                         std::string_view reflog_message) {
  return until_decided(repository, changes.front(), [&] {
    const auto note = note_locks(repository, lock_files_of(repository, changes));
    return update_refs_with_git(repository, changes, reflog_message);
  });
}

void check_name(const std::string& name) {
  if (is_valid_ref_name(name) && name.starts_with("refs/")) return;
  throw Error(ErrorKind::fatal, fmt::format("'{}' is not a valid ref name", text::printable(name)));
}

}  // namespace

SwapResult compare_and_swap(const Repository& repository, const std::string& name,
                            const std::optional<Oid>& expected, const Oid& desired,
                            std::string_view reflog_message) {
  check_name(name);
  const RefChange change{follow_symbolic(repository, name), expected.value_or(Oid{}), desired};
  rewrite_before_swap(repository);
  const auto turn = take_turn(repository);
  if (needs_git(repository, change.name)) {
    return swap_with_git(repository, {change}, reflog_message);
  }
  return until_decided(repository, change, [&] {
    const SignalsWait waiting;
    const auto note = note_locks(repository, {loose_path(repository, change.name) + ".lock"});
    return swap_in_process(repository, change, reflog_message);
  });
}

SwapResult delete_ref(const Repository& repository, const std::string& name, const Oid& expected) {
  check_name(name);
  const auto turn = take_turn(repository);
  return swap_with_git(repository, {{name, expected, Oid{}}}, "");
}

std::vector<Ref> delete_refs(const Repository& repository, const std::vector<Ref>& refs) {
  if (refs.empty()) return {};
  std::vector<RefChange> changes;
  for (const Ref& ref : refs) {
    check_name(ref.name);
    changes.push_back({ref.name, ref.target, Oid{}});
  }
  const auto turn = take_turn(repository);
  if (swap_with_git(repository, changes, "") == SwapResult::swapped) return refs;
  std::vector<Ref> deleted;
  std::copy_if(refs.begin(), refs.end(), std::back_inserter(deleted), [&](const Ref& ref) {
    return swap_with_git(repository, {{ref.name, ref.target, Oid{}}}, "") == SwapResult::swapped;
  });
  return deleted;
}

namespace {

/// Git deletes the log of a ref with it, and with the log goes what nothing else remembers: commits
/// that were amended, or reset away. Under a second name it stays. True if it has one now that is
/// to go where the ref does not move.
bool keep_reflog(const std::string& log, const std::string& second_name) {
  if (!exists(log)) return false;
  make_folders(second_name.substr(0, second_name.rfind('/')));
  if (::link(log.c_str(), second_name.c_str()) == 0) return true;
  if (errno == EEXIST) return false;
  const auto content = read_file(log, std::size_t{64} << 20U);  // there are no links here
  if (content) write_file_atomically(second_name, *content);
  return content.has_value();
}

}  // namespace

SwapResult move_ref(const Repository& repository, const std::string& from, const std::string& to,
                    const Oid& value, std::string_view reflog_message) {
  check_name(from);
  check_name(to);
  const auto turn = take_turn(repository);
  const std::string logs = join_path(repository.common_dir(), "logs/");
  const bool has_second_name = keep_reflog(logs + from, logs + to);
  const auto result =
      swap_with_git(repository, {{to, Oid{}, value}, {from, value, Oid{}}}, reflog_message);
  if (has_second_name && result != SwapResult::swapped) ::unlink((logs + to).c_str());
  return result;
}

}  // namespace gitplan::git
