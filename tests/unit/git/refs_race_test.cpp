// Refs under fire: many processes, pack-refs, gc, kill -9.
#include <sys/mman.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>

#include "base/error.hpp"
#include "forked.hpp"
#include "git/lock.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "git/repository.hpp"
#include "scratch_repository.hpp"

using namespace gitplan;
using namespace gitplan::git;
using namespace gitplan::testing;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

/// Counters that forked processes share.
class Shared {
 public:
  Shared()
      : memory_(mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {}
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  ~Shared() { munmap(memory_, size); }
  std::atomic<int>& operator[](int i) { return static_cast<std::atomic<int>*>(memory_)[i]; }

 private:
  static constexpr std::size_t size = 65536;
  void* memory_;
};

constexpr const char* counter_ref = "refs/heads/plan/counter";

int counter_at(const Repository& repository, const Oid& commit) {
  const auto entry = entry_at(repository, tree_of(repository, commit), "counter");
  const std::string text = read_blob(repository, entry.value().oid, "counter");
  int value = -1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Oid counter_commit(const Repository& repository, const std::optional<Oid>& parent, int value) {
  const Oid blob = write_blob(repository, std::to_string(value));
  const Oid tree = tree_with_file(repository, std::nullopt, "counter", blob);
  const std::vector<Oid> parents = parent ? std::vector{*parent} : std::vector<Oid>{};
  return create_commit(repository, tree, parents, "count " + std::to_string(value));
}

enum class Turns { taken, left_to_chance };

/// As a store does it: reads, changes, swaps, and again if it lost a race.
void increment(const Repository& repository, Turns turns = Turns::taken) {
  {
    std::optional<NamedLock> turn;
    if (turns == Turns::taken) turn.emplace(repository, refs_lock);
    for (auto result = SwapResult::lost_race; result == SwapResult::lost_race;) {
      const Oid before = read_ref(repository, counter_ref).value();
      const Oid after = counter_commit(repository, before, counter_at(repository, before) + 1);
      result = compare_and_swap(repository, counter_ref, before, after, "count");
    }
  }
  heal_after_gc(repository);
}

void start_counting() {
  const Repository repository = Repository::discover();
  compare_and_swap(repository, counter_ref, std::nullopt,
                   counter_commit(repository, std::nullopt, 0), "start");
}

/// Every commit of the branch is one more than the one before; the count.
int sound_count(const ScratchRepository& scratch) {
  const Repository repository = Repository::discover();
  const Oid tip = read_ref(repository, counter_ref).value();
  const int value = counter_at(repository, tip);
  CHECK(scratch.git({"rev-list", "--count", counter_ref}) == std::to_string(value + 1));
  CHECK(scratch.is_sound());
  return value;
}

/// Runs a git command over and over while it lives; the last run is not cut short.
class Beside {
 public:
  Beside(const ScratchRepository& scratch, const std::vector<std::string>& words)
      : stop_(scratch.root() + "/stop-" + words.front()), child_(fork_process([&] {
          while (!std::filesystem::exists(stop_)) {
            scratch.try_git(words);
            std::this_thread::sleep_for(100ms);
          }
          return 0;
        })) {}
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;
  ~Beside() {
    std::ofstream(stop_) << "1";
    wait_for(child_);
  }

 private:
  std::string stop_;
  pid_t child_;
};

std::vector<std::string> lock_files(const ScratchRepository& scratch) {
  std::vector<std::string> locks;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(scratch.git_dir() + "/refs")) {
    if (entry.path().extension() == ".lock") locks.push_back(entry.path());
  }
  return locks;
}

}  // namespace

TEST_CASE("of many that create a ref at the same time, exactly one wins") {
  ScratchRepository scratch;
  const Oid commit = *Oid::parse(scratch.commit_file("f", "1"));
  constexpr int processes = 8;
  constexpr int rounds = 50;
  Shared winners;
  Shared arrived;
  const auto statuses = fork_all(processes, [&](int) {
    const Repository repository = Repository::discover();
    for (int round = 0; round < rounds; ++round) {
      const auto deadline = steady_clock::now() + 20s;
      for (++arrived[round]; arrived[round] < processes;) {
        if (steady_clock::now() > deadline) return 1;
        std::this_thread::yield();
      }
      if (compare_and_swap(repository, "refs/heads/r/" + std::to_string(round), std::nullopt,
                           commit, "mine") == SwapResult::swapped) {
        ++winners[round];
      }
    }
    return 0;
  });
  CHECK(statuses == std::vector<int>(processes, 0));
  for (int round = 0; round < rounds; ++round) CHECK(winners[round] == 1);
}

TEST_CASE("16 processes count to 800 beside pack-refs and gc, and no step is lost") {
  ScratchRepository scratch;
  start_counting();
  {
    const Beside packing(scratch, {"pack-refs", "--all"});
    const Beside collecting(scratch, {"gc", "--quiet"});
    const auto statuses = fork_all(16, [&](int) {
      const Repository repository = Repository::discover();
      for (int i = 0; i < 50; ++i) increment(repository);
      return 0;
    });
    CHECK(statuses == std::vector<int>(16, 0));
  }
  CHECK(sound_count(scratch) == 800);
}

TEST_CASE("no step is lost where nobody waits for a turn") {
  ScratchRepository scratch;
  start_counting();
  {
    const Beside packing(scratch, {"pack-refs", "--all"});
    const auto statuses = fork_all(6, [&](int) {
      const Repository repository = Repository::discover();
      for (int i = 0; i < 15; ++i) increment(repository, Turns::left_to_chance);
      return 0;
    });
    CHECK(statuses == std::vector<int>(6, 0));
  }
  CHECK(sound_count(scratch) == 90);
}

TEST_CASE(
    "counting goes through git where a reference-transaction hook listens, and loses nothing") {
  ScratchRepository scratch;
  start_counting();
  scratch.write_hook("reference-transaction", "#!/bin/sh\nexit 0\n");
  {
    const Beside packing(scratch, {"pack-refs", "--all"});
    const auto statuses = fork_all(4, [&](int) {
      const Repository repository = Repository::discover();
      for (int i = 0; i < 8; ++i) increment(repository, Turns::left_to_chance);
      return 0;
    });
    CHECK(statuses == std::vector<int>(4, 0));
  }
  CHECK(sound_count(scratch) == 32);
}

TEST_CASE("killed in the middle of counting, the next one goes on") {
  ScratchRepository scratch;
  start_counting();
  std::mt19937 random(5);
  for (int round = 0; round < 60; ++round) {
    const pid_t victim = fork_process([&] {
      const Repository repository = Repository::discover();
      for (;;) increment(repository);
      return 0;
    });
    std::this_thread::sleep_for(std::chrono::microseconds(2000 + random() % 15000));
    kill(victim, SIGKILL);
    CHECK(wait_for(victim) == 128 + SIGKILL);
  }
  const Repository repository = Repository::discover();
  const int before = counter_at(repository, read_ref(repository, counter_ref).value());
  increment(repository);
  CHECK(sound_count(scratch) == before + 1);
  clear_stale_locks(repository);
  CHECK(lock_files(scratch).empty());
}

TEST_CASE("an interrupt waits until the ref has moved, so that no lock is left") {
  ScratchRepository scratch;
  start_counting();
  std::mt19937 random(6);
  for (int round = 0; round < 40; ++round) {
    const int signal = std::vector{SIGINT, SIGTERM, SIGHUP}[random() % 3];
    const pid_t victim = fork_process([&] {
      const Repository repository = Repository::discover();
      for (;;) increment(repository);
      return 0;
    });
    std::this_thread::sleep_for(std::chrono::microseconds(3000 + random() % 10000));
    kill(victim, signal);
    CHECK(wait_for(victim) == 128 + signal);
    CHECK(lock_files(scratch).empty());
  }
  sound_count(scratch);
}

TEST_CASE("another program's lock is waited for, then it is exit 5, and the lock stays") {
  ScratchRepository scratch;
  start_counting();
  const Repository repository = Repository::discover();
  const std::string lock = scratch.git_dir() + "/" + counter_ref + ".lock";
  const Oid before = read_ref(repository, counter_ref).value();
  const Oid after = counter_commit(repository, before, 1);
  std::ofstream(lock) << "";
  SECTION("it is let go") {
    const pid_t other = fork_process([&] {
      std::this_thread::sleep_for(400ms);
      std::filesystem::remove(lock);
      return 0;
    });
    CHECK(compare_and_swap(repository, counter_ref, before, after, "x") == SwapResult::swapped);
    CHECK(wait_for(other) == 0);
  }
  SECTION("it stays") {
    const auto start = steady_clock::now();
    try {
      compare_and_swap(repository, counter_ref, before, after, "x");
      FAIL("swapped under a lock");
    } catch (const Error& error) {
      CHECK(error.exit_status() == 5);
      CHECK_THAT(error.messages().front(), Catch::Contains(lock));
    }
    CHECK(steady_clock::now() - start >= 2s);
    CHECK(std::filesystem::exists(lock));
    CHECK(read_ref(repository, counter_ref) == before);
  }
}

TEST_CASE("deleting refs beside pack-refs loses no other ref") {
  ScratchRepository scratch;
  const Oid commit = *Oid::parse(scratch.commit_file("f", "1"));
  std::string input;
  for (int i = 0; i < 60; ++i) {
    input += "create refs/heads/doomed/" + std::to_string(i) + " " + commit.hex() + "\n";
    input += "create refs/heads/kept/" + std::to_string(i) + " " + commit.hex() + "\n";
  }
  scratch.write(scratch.root() + "/input", input);
  REQUIRE(
      run_words({"sh", "-c", "git update-ref --stdin <../input"}, scratch.folder()).exit_status ==
      0);
  {
    const Beside packing(scratch, {"pack-refs", "--all"});
    const auto statuses = fork_all(4, [&](int process) {
      const Repository repository = Repository::discover();
      for (int i = process; i < 60; i += 4) {
        if (delete_ref(repository, "refs/heads/doomed/" + std::to_string(i), commit) !=
            SwapResult::swapped) {
          return 1;
        }
      }
      return 0;
    });
    CHECK(statuses == std::vector<int>(4, 0));
  }
  const Repository repository = Repository::discover();
  CHECK(list_refs(repository, "refs/heads/doomed/").empty());
  CHECK(list_refs(repository, "refs/heads/kept/").size() == 60);
}

TEST_CASE("a list beside pack-refs and writers is always complete") {
  ScratchRepository scratch;
  const Oid a = *Oid::parse(scratch.commit_file("f", "1"));
  const Oid b = *Oid::parse(scratch.commit_file("f", "2"));
  const auto name = [](int i) { return "refs/heads/task/" + std::to_string(i); };
  const Repository repository = Repository::discover();
  for (int i = 0; i < 60; ++i) compare_and_swap(repository, name(i), std::nullopt, a, "x");
  const Beside packing(scratch, {"pack-refs", "--all"});
  const std::string done = scratch.root() + "/done";
  const pid_t writer = fork_process([&] {
    const Repository own = Repository::discover();
    for (int i = 0; !std::filesystem::exists(done); i = (i + 7) % 60) {
      const Oid before = read_ref(own, name(i)).value();
      compare_and_swap(own, name(i), before, before == a ? b : a, "x");
    }
    return 0;
  });
  int short_lists = 0;
  int missing = 0;
  for (int i = 0; i < 1000; ++i) {
    short_lists += list_refs(repository, "refs/heads/task/").size() == 60 ? 0 : 1;
    missing += read_ref(repository, name(i % 60)) ? 0 : 1;
  }
  std::ofstream(done) << "1";
  CHECK(wait_for(writer) == 0);
  CHECK(short_lists == 0);
  CHECK(missing == 0);
}
