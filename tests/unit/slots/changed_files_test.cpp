#include "slots/changed_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <thread>

#include "base/fd.hpp"
#include "unit/git/scratch_repository.hpp"

namespace gitplan {
namespace {

/// Longer than the clock that stamps files takes for a step.
void let_time_pass() { std::this_thread::sleep_for(std::chrono::milliseconds(30)); }

Fd open_folder(const std::string& path) { return Fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY)); }

TEST_CASE("files that were written after a moment are found, and no others") {
  const testing::ScratchRepository scratch;
  scratch.write("w/old", "1");
  scratch.write("w/sub/old", "1");
  let_time_pass();
  const timespec moment = file_time_now();
  const Fd fd = open_folder(scratch.folder() + "/w");
  CHECK(files_changed_since(fd.get(), moment).empty());
  scratch.write("w/sub/new", "2");
  scratch.write("w/.git", "not asked for");
  CHECK(files_changed_since(fd.get(), moment) == std::vector<std::string>{"sub/new"});
}

TEST_CASE("what changed after the moment outlives the deletion of the rest") {
  const testing::ScratchRepository scratch;
  scratch.write("w/old", "1");
  scratch.write("w/sub/old", "1");
  scratch.write("w/gone/old", "1");
  let_time_pass();
  const timespec moment = file_time_now();
  scratch.write("w/sub/new", "2");
  const Fd parent = open_folder(scratch.folder());
  CHECK(delete_unchanged(parent.get(), "w", moment) == std::vector<std::string>{"sub/new"});
  CHECK(read_file(scratch.folder() + "/w/sub/new") == "2");
  CHECK_FALSE(exists(scratch.folder() + "/w/old"));
  CHECK_FALSE(exists(scratch.folder() + "/w/sub/old"));
  CHECK_FALSE(exists(scratch.folder() + "/w/gone"));
}

TEST_CASE("a folder in which nothing changed goes, with folders that are closed and links") {
  const testing::ScratchRepository scratch;
  scratch.write("kept", "1");
  scratch.write("w/closed/file", "1");
  std::filesystem::create_symlink("../kept", scratch.folder() + "/w/link");
  std::filesystem::create_hard_link(scratch.folder() + "/w/closed/file",
                                    scratch.folder() + "/w/twin");
  ::chmod((scratch.folder() + "/w/closed").c_str(), 0500);
  let_time_pass();
  const Fd parent = open_folder(scratch.folder());
  CHECK(delete_unchanged(parent.get(), "w", file_time_now()).empty());
  CHECK_FALSE(exists(scratch.folder() + "/w"));
  CHECK(exists(scratch.folder() + "/kept"));
}

}  // namespace
}  // namespace gitplan
