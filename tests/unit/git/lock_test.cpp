#include "git/lock.hpp"

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "forked.hpp"
#include "git/lock_note.hpp"
#include "git/process.hpp"
#include "git/repository.hpp"
#include "scratch_repository.hpp"

using namespace gitplan;
using namespace gitplan::git;
using namespace gitplan::testing;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

int notes_left(const Repository& repository) {
  std::error_code none;
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(notes_folder(repository), none)) {
    count += entry.path().filename().string().front() != '.' ? 1 : 0;
  }
  return count;
}

/// A process that notes `noted`, makes `made`, and is killed.
void die_holding(const Repository& repository, const std::string& noted, const std::string& made) {
  const pid_t victim = fork_process([&] {
    const LockNote note(repository, {noted});
    std::ofstream(made) << "half";
    raise(SIGKILL);
    return 0;
  });
  REQUIRE(wait_for(victim) == 128 + SIGKILL);
}

}  // namespace

TEST_CASE("a named lock keeps other processes out and names its holder") {
  ScratchRepository scratch;
  const Repository repository = Repository::discover();
  {
    const NamedLock lock(repository, "test");
    const NamedLock same_again(repository, "test");
    const NamedLock other(repository, "another");
    const pid_t parent = getpid();
    CHECK(wait_for(fork_process([&] {
            try {
              const NamedLock refused(repository, "test", 30ms);
            } catch (const Error& error) {
              return error.exit_status() == 5 &&
                             error.messages().front() == "cannot take the lock 'test': process " +
                                                             std::to_string(parent) + " holds it"
                         ? 7
                         : 8;
            }
            return 0;
          })) == 7);
  }
  CHECK(wait_for(fork_process([&] {
          const NamedLock lock(repository, "test", 0ms);
          return 0;
        })) == 0);
}

TEST_CASE("who waits for a named lock gets a turn, and is patient while others have theirs") {
  ScratchRepository scratch;
  const Repository repository = Repository::discover();
  const auto end = steady_clock::now() + 1500ms;
  const auto greedy = [&] {
    while (steady_clock::now() < end) {
      const NamedLock lock(repository, "test");
      std::this_thread::sleep_for(10ms);
    }
    return 0;
  };
  std::vector<pid_t> others;
  for (int i = 0; i < 3; ++i) others.push_back(fork_process(greedy));
  std::this_thread::sleep_for(50ms);
  for (int turn = 0; turn < 3; ++turn) {
    const NamedLock lock(repository, "test", 300ms);
    CHECK(steady_clock::now() < end);
  }
  for (const pid_t other : others) CHECK(wait_for(other) == 0);
}

TEST_CASE("a named lock is held until its last owner in the process is gone, also when moved") {
  ScratchRepository scratch;
  const Repository repository = Repository::discover();
  const auto is_free = [&] {
    return wait_for(fork_process([&] {
             try {
               const NamedLock lock(repository, "test", 0ms);
             } catch (const Error&) {
               return 1;
             }
             return 0;
           })) == 0;
  };
  auto first = std::make_optional<NamedLock>(repository, "test");
  auto second = std::make_optional<NamedLock>(repository, "test");
  std::optional<NamedLock> moved = std::move(*first);
  first.reset();
  CHECK_FALSE(is_free());
  moved.reset();
  CHECK_FALSE(is_free());
  second.reset();
  CHECK(is_free());
}

TEST_CASE("a killed holder frees its named lock at once") {
  ScratchRepository scratch;
  const Repository repository = Repository::discover();
  const pid_t holder = fork_process([&] {
    const NamedLock lock(repository, "test");
    std::ofstream(scratch.root() + "/locked") << "1";
    pause();
    return 0;
  });
  REQUIRE(eventually([&] { return std::filesystem::exists(scratch.root() + "/locked"); }));
  kill(holder, SIGKILL);
  CHECK(wait_for(holder) == 128 + SIGKILL);
  CHECK_NOTHROW(NamedLock(repository, "test", 0ms));
}

TEST_CASE("waiters get a named lock in turn") {
  ScratchRepository scratch;
  const std::string counter = scratch.root() + "/counter";
  std::ofstream(counter) << 0;
  const auto statuses = fork_all(8, [&](int) {
    const Repository repository = Repository::discover();
    for (int i = 0; i < 25; ++i) {
      const NamedLock lock(repository, "test");
      int value = 0;
      std::ifstream(counter) >> value;
      std::ofstream(counter) << value + 1;
    }
    return 0;
  });
  CHECK(statuses == std::vector<int>(8, 0));
  CHECK(scratch.read(counter) == "200");
}

TEST_CASE("a symbolic link in the place of our folder or of a lock is refused") {
  ScratchRepository scratch;
  const Repository repository = Repository::discover();
  std::filesystem::create_symlink(scratch.home(), state_folder(repository));
  CHECK_THROWS_AS(NamedLock(repository, "test"), Error);
  std::filesystem::remove(state_folder(repository));
  make_state_folder(repository);
  std::filesystem::create_symlink(scratch.home() + "/x", state_folder(repository) + "/test.lock");
  CHECK_THROWS_AS(NamedLock(repository, "test"), Error);
  CHECK_FALSE(std::filesystem::exists(scratch.home() + "/x"));
}

TEST_CASE("in a repository shared by a group, the group may write our folder and locks") {
  ScratchRepository scratch({"--shared=group"});
  const Repository repository = Repository::discover();
  const NamedLock lock(repository, "test");
  const auto may_write = [](const std::string& path) {
    return (std::filesystem::status(path).permissions() & std::filesystem::perms::group_write) !=
           std::filesystem::perms::none;
  };
  CHECK(may_write(state_folder(repository)));
  CHECK(may_write(state_folder(repository) + "/test.lock"));
}

TEST_CASE("a note survives the way to text and back, and half a record does not count") {
  const NoteText note{{{12, 345}, {13, 346}}, {{"/a b\n/c.lock", 0}, {"/d.lock", 77}}};
  const std::string text = render_note(note);
  const NoteText back = parse_note(text);
  CHECK(back.processes == note.processes);
  REQUIRE(back.locks.size() == 2);
  CHECK(back.locks[0].path == "/a b\n/c.lock");
  CHECK(back.locks[1].foreign_inode == 77);
  CHECK(parse_note(std::string_view(text).substr(0, text.size() - 1)).locks.size() == 1);
  CHECK(parse_note("owner x y\0lock\0lock a /b\0").locks.empty());
}

TEST_CASE("a note stands while it lives and is gone after") {
  ScratchRepository scratch;
  const Repository repository = Repository::discover();
  CHECK_FALSE(has_live_notes());
  {
    LockNote note(repository, {"/x/a.lock"});
    const LockNote moved(std::move(note));
    CHECK(has_live_notes());
    CHECK(notes_left(repository) == 1);
    clear_stale_locks(repository);
    CHECK(notes_left(repository) == 1);
  }
  CHECK_FALSE(has_live_notes());
  CHECK(notes_left(repository) == 0);
}

TEST_CASE("a lock that a killed process noted is removed, with the note") {
  ScratchRepository scratch;
  const Repository repository = Repository::discover();
  const std::string lock = scratch.git_dir() + "/refs/heads/x.lock";
  die_holding(repository, lock, lock);
  CHECK(notes_left(repository) == 1);
  clear_stale_locks(repository);
  CHECK_FALSE(std::filesystem::exists(lock));
  CHECK(notes_left(repository) == 0);
}

TEST_CASE("a lock that is not surely ours is never removed") {
  ScratchRepository scratch;
  const Repository repository = Repository::discover();
  const std::string lock = scratch.git_dir() + "/refs/heads/x.lock";
  SECTION("no note names it") { die_holding(repository, lock + "2.lock", lock); }
  SECTION("it stood there before the note") {
    std::ofstream(lock) << "theirs";
    die_holding(repository, lock, scratch.root() + "/other");
  }
  SECTION("it stood there and was written to since") {
    std::ofstream(lock) << "theirs";
    die_holding(repository, lock, lock);
  }
  SECTION("it changes while we watch") {
    die_holding(repository, lock, lock);
    const pid_t writer = fork_process([&] {
      std::this_thread::sleep_for(100ms);
      std::ofstream(lock) << "theirs";
      return 0;
    });
    clear_stale_locks(repository);
    CHECK(wait_for(writer) == 0);
  }
  SECTION("it is no lock by its name") {
    std::filesystem::rename(scratch.git_dir() + "/HEAD", scratch.git_dir() + "/HEAD2");
    die_holding(repository, scratch.git_dir() + "/HEAD", scratch.git_dir() + "/HEAD");
    std::ofstream(lock) << "theirs";
    clear_stale_locks(repository);
    CHECK(std::filesystem::exists(scratch.git_dir() + "/HEAD"));
  }
  SECTION("the note is from somebody alive") {
    const LockNote note(repository, {lock});
    std::ofstream(lock) << "ours, and in use";
    CHECK(wait_for(fork_process([&] {
            clear_stale_locks(repository);
            return std::filesystem::exists(lock) ? 0 : 1;
          })) == 0);
  }
  clear_stale_locks(repository);
  CHECK(std::filesystem::exists(lock));
  CHECK(notes_left(repository) == 0);
}

TEST_CASE("a lock that is taken once is let go of when its file is replaced") {
  ScratchRepository scratch;
  const Repository repository = Repository::discover();
  const std::string index = scratch.git_dir() + "/index";
  const std::string lock = index + ".lock";
  std::ofstream(index) << "old";
  const bool replaced = GENERATE(false, true);
  wait_for(fork_process([&] {
    const LockNote note(repository, {lock}, LockNote::Taken::once);
    std::this_thread::sleep_for(50ms);
    std::ofstream(lock) << "new";
    if (replaced) {
      std::filesystem::rename(lock, index);
      std::ofstream(lock) << "of somebody who works there now";
    }
    return raise(SIGKILL);
  }));
  clear_stale_locks(repository);
  CHECK(std::filesystem::exists(lock) == replaced);
  CHECK(notes_left(repository) == 0);
}

TEST_CASE("a program that outlives its killed parent is waited for before its lock is judged") {
  ScratchRepository scratch;
  const Repository repository = Repository::discover();
  const std::string lock = scratch.git_dir() + "/refs/heads/x.lock";
  const std::string started = scratch.root() + "/started";
  const pid_t victim = fork_process([&] {
    const LockNote note(repository, {lock});
    Command command;
    // The grandchild is what lives longest: no process id of it is noted.
    command.arguments = {"sh", "-c",
                         "echo half >'" + lock + "'; (sleep 0.7; echo >'" + started + "2'; rm '" +
                             lock + "') & echo >'" + started + "'; wait"};
    return run_program(command).exit_status;
  });
  REQUIRE(eventually([&] { return std::filesystem::exists(started); }));
  kill(victim, SIGKILL);
  REQUIRE(wait_for(victim) == 128 + SIGKILL);
  const auto start = steady_clock::now();
  clear_stale_locks(repository);
  CHECK(steady_clock::now() - start > 300ms);
  CHECK(std::filesystem::exists(started + "2"));  // it ended by itself, undisturbed
  CHECK_FALSE(std::filesystem::exists(lock));
  CHECK(eventually([&] {
    clear_stale_locks(repository);
    return notes_left(repository) == 0;
  }));
}

TEST_CASE("a daemon that a killed program left keeps a lock only if it has it open") {
  ScratchRepository scratch;
  const Repository repository = Repository::discover();
  const std::string lock = scratch.git_dir() + "/refs/heads/x.lock";
  const std::string daemon = scratch.root() + "/daemon";
  const bool has_it_open = GENERATE(false, true);
  const pid_t victim = fork_process([&] {
    const LockNote note(repository, {lock});
    Command command;
    command.arguments = {"sh", "-c",
                         "echo half >'" + lock + "'; " +
                             (has_it_open ? "exec 8<'" + lock + "'; " : "") +
                             "sleep 60 & echo $! >'" + daemon + "~'; mv '" + daemon + "~' '" +
                             daemon + "'; kill -9 $PPID"};
    return run_program(command).exit_status;
  });
  REQUIRE(wait_for(victim) == 128 + SIGKILL);
  REQUIRE(eventually([&] { return std::filesystem::exists(daemon); }));
  for (int command = 0; command < 2; ++command) clear_stale_locks(repository, 200ms);
  CHECK(std::filesystem::exists(lock) == has_it_open);
  const int pid = std::stoi(scratch.read(daemon));
  CHECK(kill(pid, 0) == 0);
  kill(pid, SIGKILL);
  REQUIRE(eventually([&] {
    clear_stale_locks(repository, 200ms);
    return notes_left(repository) == 0;
  }));
  CHECK_FALSE(std::filesystem::exists(lock));
}

TEST_CASE("many processes may clear up at the same time") {
  ScratchRepository scratch;
  const Repository repository = Repository::discover();
  for (int i = 0; i < 5; ++i) {
    const std::string lock = scratch.git_dir() + "/refs/heads/" + std::to_string(i) + ".lock";
    die_holding(repository, lock, lock);
  }
  const auto statuses = fork_all(6, [&](int) {
    clear_stale_locks(Repository::discover());
    return 0;
  });
  CHECK(statuses == std::vector<int>(6, 0));
  CHECK(notes_left(repository) == 0);
  CHECK(std::filesystem::is_empty(scratch.git_dir() + "/refs/heads"));
}
