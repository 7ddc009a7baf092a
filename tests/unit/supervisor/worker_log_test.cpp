#include "supervisor/worker_log.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace gitplan::supervisor {
namespace {

struct Log {
  std::string path = [] {
    std::string name = (std::filesystem::temp_directory_path() / "log.XXXXXX").string();
    ::close(::mkstemp(name.data()));
    return name;
  }();
  explicit Log(const std::string& text) { std::ofstream(path, std::ios::binary) << text; }
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  ~Log() { std::filesystem::remove(path); }
};
using Lines = std::vector<std::string>;

TEST_CASE("the last lines of a log are as they were written") {
  CHECK(last_lines(Log("").path, 3).empty());
  CHECK(last_lines("/nowhere/log", 3).empty());
  CHECK(last_lines(Log("a\n\nb\nc").path, 3) == Lines{"", "b", "c"});
  CHECK(last_lines(Log("a\nb\n").path, 3) == Lines{"a", "b"});
}

TEST_CASE("the last line is the last that is not blank, as a terminal would show it") {
  CHECK(last_line(Log("").path).empty());
  CHECK(last_line(Log("\n \n").path).empty());
  CHECK(last_line(Log("one\ntwo\n\n  \n").path) == "two");
  CHECK(last_line(Log("one\n10 %\r20 %\r30 %").path) == "30 %");
  CHECK(last_line(Log("one\n10 %\r\r\n").path) == "10 %");
  CHECK(last_line(Log("one\ntwo\n").path, 4) == "two");
  CHECK(last_line(Log("one\ntwo\n").path, 8).empty());
  CHECK(log_size(Log("one\n").path) == 4);
  CHECK(log_size("/nowhere/log") == 0);
}

TEST_CASE("escape sequences of terminals are left out") {
  const std::string name = "\x1b]0;title\a\x1b]8;;http://a\x1b\\\x1b(B";
  const Log log("\x1b[32mgreen\x1b[m line\n" + name + "\x1b[1;38;5;2mlast\x1b[0m\x1b[K\x1b[");
  CHECK(last_line(log.path) == "last");
  CHECK(last_lines(log.path, 2) == Lines{"green line", "last"});
  CHECK(last_line(Log("one\n\x1b[2K\x1b[0m").path) == "one");
}

TEST_CASE("a log of any size and content is read from its end alone") {
  const Log large("");
  std::filesystem::resize_file(large.path, 5'000'000'000);  // a hole: nothing but zeros
  std::ofstream(large.path, std::ios::binary | std::ios::app) << "\nlast";
  CHECK(last_line(large.path) == "last");
  const auto lines = last_lines(large.path, 20);
  REQUIRE(lines.size() == 2);
  CHECK(lines.front().size() <= 4096);
  CHECK(lines.back() == "last");
  CHECK(last_line(Log(std::string(100'000, 'x')).path).size() == 4096);
}

TEST_CASE("what stood there before is left out, unless the log was shortened since") {
  const Log log("before\nlast one\n");
  CHECK(last_lines(log.path, 20, 7) == std::vector<std::string>{"last one"});
  CHECK(last_lines(log.path, 20, 16).empty());
  CHECK(last_lines(log.path, 20, 1000).size() == 2);
}

TEST_CASE("a link is not followed, and a folder is no log") {
  const Log log("secret");
  const std::string link = log.path + ".link";
  std::filesystem::create_symlink(log.path, link);
  CHECK(last_line(link).empty());
  std::filesystem::remove(link);
  CHECK(last_lines(std::filesystem::temp_directory_path().string(), 2).empty());
}

}  // namespace
}  // namespace gitplan::supervisor
