#include "supervisor/descendants.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <thread>

namespace gitplan::supervisor {
namespace {

using std::chrono::milliseconds;

/// A shell that this process started, in a process of its own.
int spawn(const char* script, const char* variable = "A=b") {
  const int pid = ::fork();
  if (pid != 0) return pid;
  ::execle("/bin/sh", "sh", "-c", script, nullptr,
           std::array<const char*, 3>{variable, "PATH=/bin:/usr/bin", nullptr}.data());
  ::_exit(127);
}

template <class Condition>
bool comes_true(const Condition& condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(milliseconds(10));
  }
  return false;
}

TEST_CASE("what was forked twice into a session of its own is found, and ended") {
  become_subreaper();
  CHECK_FALSE(has_descendants());
  const int pid = spawn("(setsid sh -c 'sleep 1000 & sleep 1000' &) & sleep 1000");
  REQUIRE(comes_true([] { return descendants().size() >= 5; }));
  CHECK(std::ranges::count(descendants(), pid) == 1);
  CHECK(std::ranges::count(descendants({pid}), pid) == 0);
  end_descendants(5000);
  CHECK_FALSE(has_descendants());
  CHECK(descendants().empty());
}

TEST_CASE("what is deaf to TERM is killed when its time is up, stopped or not") {
  become_subreaper();
  const std::string mark = fmt::format("MARK={}", ::getpid());
  spawn("trap '' TERM; while :; do sleep 1; done", mark.c_str());
  const int stopped = spawn("exec sleep 1000", mark.c_str());
  REQUIRE(comes_true([&] { return processes_with(mark).size() >= 3; }));  // they run by now
  ::kill(stopped, SIGSTOP);
  const auto start = std::chrono::steady_clock::now();
  end_descendants(300);
  CHECK(std::chrono::steady_clock::now() - start >= milliseconds(300));
  CHECK_FALSE(has_descendants());
}

TEST_CASE("processes are found by a variable of their environment, as a whole") {
  become_subreaper();
  const std::string mine = fmt::format("MARK=/x/{}/worker-1", ::getpid());
  const int marked = spawn("exec sleep 1000", mine.c_str());
  const int other = spawn("exec sleep 1000", (mine + "0").c_str());
  REQUIRE(comes_true([&] { return processes_with(mine).size() == 1; }));
  CHECK(processes_with(mine).front() == marked);
  end_processes_with(mine, 2000);
  CHECK(::waitpid(marked, nullptr, WNOHANG) == marked);
  CHECK(::waitpid(other, nullptr, WNOHANG) == 0);
  end_descendants(2000);
}

}  // namespace
}  // namespace gitplan::supervisor
