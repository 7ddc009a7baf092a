#include "supervisor/log_limit.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace gitplan::supervisor {
namespace {

namespace fs = std::filesystem;

struct Folder {
  std::string path = [] {
    std::string name = (fs::temp_directory_path() / "logs.XXXXXX").string();
    return std::string(::mkdtemp(name.data()));
  }();
  Folder() = default;
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path); }
};

std::string numbered_lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "line " + std::to_string(i) + "\n";
  return text;
}

void write(const std::string& path, const std::string& text) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

std::string content_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

constexpr const char* notice = "[what was written before is not kept: see wave.maxLog]\n";

TEST_CASE("of a log that is too long the last part is kept, in whole lines") {
  const Folder folder;
  const std::string log = folder.path + "/log";
  const std::string all = numbered_lines(50000);
  write(log, all);
  limit_log(log, 100000);
  const std::string kept = content_of(log);
  CHECK(kept.size() <= 100000);
  CHECK(kept.size() > 40000);
  REQUIRE(kept.starts_with(std::string(notice) + "line "));
  CHECK(all.ends_with(kept.substr(std::string(notice).size())));
}

TEST_CASE("a log within its limit stays as it is") {
  const Folder folder;
  const std::string log = folder.path + "/log";
  write(log, numbered_lines(10));
  limit_log(log, 100000);
  CHECK(content_of(log) == numbered_lines(10));
  limit_log(folder.path + "/nowhere", 10);
  CHECK_FALSE(fs::exists(folder.path + "/nowhere"));
}

TEST_CASE("one endless line is cut too") {
  const Folder folder;
  const std::string log = folder.path + "/log";
  write(log, std::string(1000000, 'x'));
  limit_log(log, 200000);
  CHECK(content_of(log) == notice + std::string(100000, 'x'));
}

TEST_CASE("whoever has the log open goes on behind what was kept") {
  const Folder folder;
  const std::string log = folder.path + "/log";
  write(log, numbered_lines(50000));
  const int writer = ::open(log.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  REQUIRE(writer >= 0);
  limit_log(log, 100000);
  REQUIRE(::write(writer, "more\n", 5) == 5);
  ::close(writer);
  CHECK(content_of(log).ends_with("line 49999\nmore\n"));
}

TEST_CASE("a pipe in a log's place is left alone") {
  const Folder folder;
  const std::string pipe = folder.path + "/log";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  limit_log(pipe, 0);
  CHECK(fs::is_fifo(pipe));
}

TEST_CASE("all attempts of a task together stay within the limit") {
  const LogLimit limit{1000};
  CHECK(limit.of_attempt(1) == 1000);
  for (const int attempt : {2, 3, 4, 10}) {
    CHECK(limit.of_attempt(attempt) + (attempt - 1) * limit.of_earlier(attempt) <= 1000);
    CHECK(limit.of_earlier(attempt) > 0);
  }
}

TEST_CASE("old logs go, and the folders that held nothing else") {
  const Folder folder;
  const std::string old = log_path(folder.path, "s1", "001", 1);
  const std::string kept = log_path(folder.path, "s2", "001", 2);
  const std::string old_too = log_path(folder.path, "s2", "002", 1);
  for (const auto& log : {old, kept, old_too}) write(log, "text\n");
  const std::array<timespec, 2> long_ago{{{1000, 0}, {1000, 0}}};
  for (const auto& log : {old, old_too})
    REQUIRE(::utimensat(AT_FDCWD, log.c_str(), long_ago.data(), 0) == 0);
  delete_old_logs(folder.path, 1999);
  CHECK_FALSE(fs::exists(folder.path + "/s1"));
  CHECK_FALSE(fs::exists(old_too));
  CHECK(content_of(kept) == "text\n");
  delete_old_logs(folder.path, now(), {kept});
  CHECK(content_of(kept) == "text\n");
  delete_old_logs(folder.path + "/nowhere", 2000);
}

}  // namespace
}  // namespace gitplan::supervisor
