#include "supervisor/uv_runner.hpp"

#include <catch2/catch.hpp>
#include <csignal>
#include <string>
#include <vector>

namespace gitplan::supervisor {
namespace {

using Lines = std::vector<std::string>;

/// What a shell says, and then its exit status.
Lines said_by(const std::string& script) {
  const auto runner = make_uv_runner();
  Lines said;
  ProcessSpec spec;
  spec.arguments = {"/bin/sh", "-c", script};
  spec.environment = {"PATH=/bin:/usr/bin"};
  spec.said = [&](std::string_view line) { said.emplace_back(line); };
  const int pid = runner->start(spec, [&](const ProcessEnd& end) {
    said.push_back(std::to_string(end.exit_status));
    runner->stop();
  });
  runner->run();
  runner->signal(pid, SIGKILL);  // what it left
  return said;
}

TEST_CASE("lines of a process are told before its end, the last one without a newline too") {
  CHECK(said_by("echo one; echo; echo two >&2; printf three; exit 5") ==
        Lines{"one", "", "three", "5"});
  CHECK(said_by("echo one; kill -9 $$") == Lines{"one", "137"});
  CHECK(said_by("exit 0") == Lines{"0"});
}

TEST_CASE("more lines than a pipe holds all arrive, and one that is too long does not") {
  const Lines said = said_by("seq 200000; head -c 1048577 /dev/zero | tr '\\0' x; echo; echo end");
  REQUIRE(said.size() == 200002);
  CHECK(said.at(199999) == "200000");
  CHECK(said.at(200000) == "end");
}

TEST_CASE("a process in the background that keeps the pipe open does not keep the end away") {
  CHECK(said_by("sleep 1000 & echo one") == Lines{"one", "0"});
}

TEST_CASE("lines arrive while the process lives") {
  const auto runner = make_uv_runner();
  Lines said;
  ProcessSpec spec;
  spec.arguments = {"/bin/sh", "-c", "echo ready; exec sleep 100"};
  spec.environment = {"PATH=/bin:/usr/bin"};
  int pid = 0;
  spec.said = [&](std::string_view line) {
    said.emplace_back(line);
    runner->signal(pid, SIGTERM);
  };
  pid = runner->start(spec, [&](const ProcessEnd& end) {
    said.push_back(std::to_string(end.exit_status));
    runner->stop();
  });
  runner->run();
  CHECK(said == Lines{"ready", "143"});
}

}  // namespace
}  // namespace gitplan::supervisor
