#include "base/process_identity.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

namespace gitplan {
namespace {

TEST_CASE("this process is alive, and known by its start time") {
  const ProcessIdentity self = this_process();
  CHECK(self.pid == getpid());
  CHECK(self.start_time > 0);
  CHECK(identify_process(getpid()) == self);
  CHECK(is_alive(self));
}

TEST_CASE("another process under the same id is not the one that was noted") {
  ProcessIdentity earlier = this_process();
  --earlier.start_time;
  CHECK_FALSE(is_alive(earlier));
}

TEST_CASE("no process has an id of zero, below, or beyond what the kernel gives") {
  CHECK(identify_process(0) == std::nullopt);
  CHECK(identify_process(-1) == std::nullopt);
  CHECK(identify_process(2'000'000'000) == std::nullopt);
  CHECK_FALSE(is_alive(ProcessIdentity{}));
}

TEST_CASE("a process that ended but was not waited for is dead") {
  const pid_t child = fork();
  if (child == 0) {
    pause();
    _exit(0);
  }
  const auto identity = identify_process(child);
  REQUIRE(identity);
  CHECK(is_alive(*identity));
  kill(child, SIGKILL);
  siginfo_t info{};
  waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT);
  CHECK_FALSE(is_alive(*identity));
  waitpid(child, nullptr, 0);
  CHECK_FALSE(is_alive(*identity));
}

TEST_CASE("of a process of another boot or container /proc tells nothing") {
  ProcessIdentity other = this_process();
  REQUIRE(other.space.boot != 0);
  REQUIRE(other.space.pid_namespace != 0);
  CHECK(life_of(other) == Life::alive);
  ++other.space.pid_namespace;
  CHECK(life_of(other) == Life::elsewhere);
  CHECK_FALSE(is_alive(other));
  other = this_process();
  ++other.space.boot;
  CHECK(life_of(other) == Life::elsewhere);
}

TEST_CASE("an identity is read as it was written, with or without its space") {
  const ProcessIdentity self = this_process();
  CHECK(decode_process(encode(self, '-'), '-') == self);
  CHECK(decode_process(encode(self, ' ') + " and more", ' ') == self);
  const ProcessIdentity old{12, 34, {}};
  CHECK(encode(old, ' ') == "12 34");
  CHECK(decode_process("12 34", ' ') == old);
  for (const char* text : {"", "-", "x-1", "-5-6", "99999999999999999999-1"})
    CHECK(decode_process(text, '-').pid == 0);
}

}  // namespace
}  // namespace gitplan
