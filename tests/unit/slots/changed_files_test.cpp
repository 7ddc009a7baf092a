#include "slots/changed_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <thread>

#include "base/fd.hpp"
#include "slots/look.hpp"
#include "unit/git/scratch_repository.hpp"

namespace gitplan {
namespace {

/// Longer than the clock that stamps files takes for a step.
void let_time_pass() { std::this_thread::sleep_for(std::chrono::milliseconds(30)); }

Look look_at(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY));
  return {fd.get(), "w", path};
}

Fd open_folder(const std::string& path) { return Fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY)); }

TEST_CASE("files that were written after a moment are found, and no others") {
  const testing::ScratchRepository scratch;
  scratch.write("w/old", "1");
  scratch.write("w/sub/old", "1");
  let_time_pass();
  const Look look = look_at(scratch.folder() + "/w");
  const Fd fd = open_folder(scratch.folder() + "/w");
  CHECK(files_changed_since(fd.get(), look).empty());
  scratch.write("w/sub/new", "2");
  scratch.write("w/.git", "not asked for");
  CHECK(files_changed_since(fd.get(), look) == std::vector<std::string>{"sub/new"});
}

TEST_CASE("what changed after the moment outlives the deletion of the rest") {
  const testing::ScratchRepository scratch;
  scratch.write("w/old", "1");
  scratch.write("w/sub/old", "1");
  scratch.write("w/gone/old", "1");
  let_time_pass();
  const Look look = look_at(scratch.folder() + "/w");
  scratch.write("w/sub/new", "2");
  const Fd parent = open_folder(scratch.folder());
  CHECK(delete_unchanged(parent.get(), "w", look) == std::vector<std::string>{"sub/new"});
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
  CHECK(delete_unchanged(parent.get(), "w", look_at(scratch.folder() + "/w")).empty());
  CHECK_FALSE(exists(scratch.folder() + "/w"));
  CHECK(exists(scratch.folder() + "/kept"));
}

TEST_CASE("what was moved there after the look is found, however old it is") {
  const testing::ScratchRepository scratch;
  scratch.write("w/seen/file", "1");
  scratch.write("moved/file", "2");
  scratch.write("seen/file", "3");
  let_time_pass();
  const Look look = look_at(scratch.folder() + "/w");
  std::filesystem::rename(scratch.folder() + "/moved", scratch.folder() + "/w/moved");
  std::filesystem::rename(scratch.folder() + "/w/seen", scratch.folder() + "/away");
  std::filesystem::rename(scratch.folder() + "/seen", scratch.folder() + "/w/seen");
  const Fd fd = open_folder(scratch.folder() + "/w");
  auto changed = files_changed_since(fd.get(), look);
  std::sort(changed.begin(), changed.end());
  CHECK(changed == std::vector<std::string>{"moved/file", "seen/file"});
  const Fd parent = open_folder(scratch.folder());
  CHECK(delete_unchanged(parent.get(), "w", look).size() == 2);
  CHECK(read_file(scratch.folder() + "/w/seen/file") == "3");
}

TEST_CASE("of some paths, what was looked at goes, with the folders that it leaves empty") {
  const testing::ScratchRepository scratch;
  for (const char* file : {"w/a/b/old", "w/a/b/more", "w/kept/file", "w/all/of/it", "w/mixed/old"})
    scratch.write(file, "1");
  let_time_pass();
  const Look look = look_at(scratch.folder() + "/w");
  scratch.write("w/mixed/new", "2");
  const Fd fd = open_folder(scratch.folder() + "/w");
  const std::vector<std::string> paths = {"a/b/more", "a/b/old", "all/", "gone", "mixed/"};
  CHECK(delete_unchanged_in(fd.get(), paths, look) == std::vector<std::string>{"mixed/new"});
  CHECK_FALSE(exists(scratch.folder() + "/w/a"));
  CHECK_FALSE(exists(scratch.folder() + "/w/all"));
  CHECK_FALSE(exists(scratch.folder() + "/w/mixed/old"));
  CHECK(exists(scratch.folder() + "/w/kept/file"));
}

}  // namespace
}  // namespace gitplan
