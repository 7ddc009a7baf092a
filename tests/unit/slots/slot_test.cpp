#include "slots/slot.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "base/error.hpp"
#include "slots/slot_folder.hpp"
#include "unit/git/scratch_repository.hpp"

namespace gitplan {
namespace {

Claim some_claim() {
  Claim claim;
  claim.session = "session-1";
  claim.task = "001";
  claim.branch = "task/001-x";
  claim.since = 1736692200;
  claim.owner = this_process();
  claim.phase = Claim::Phase::filling;
  return claim;
}

TEST_CASE("a claim is read as it was written") {
  const auto read = decode_claim(encode(some_claim()));
  REQUIRE(read);
  CHECK(read->session == "session-1");
  CHECK(read->task == "001");
  CHECK(read->branch == "task/001-x");
  CHECK(read->since == 1736692200);
  CHECK(read->owner == this_process());
  CHECK(read->phase == Claim::Phase::filling);
}

TEST_CASE("half a claim is none") {
  const std::string text = encode(some_claim());
  CHECK_FALSE(decode_claim(text.substr(0, text.find("phase"))));
  CHECK_FALSE(decode_claim(""));
  CHECK_FALSE(decode_claim("nonsense"));
}

TEST_CASE("a slot is being made while its owner lives, and half made afterwards") {
  Slot slot;
  slot.admin_folder = "/somewhere";
  slot.claim = some_claim();
  CHECK(slot.is_being_made());
  CHECK_FALSE(slot.is_half_made());
  slot.claim->owner.start_time += 1;  // the same number, another process
  CHECK_FALSE(slot.is_being_made());
  CHECK(slot.is_half_made());
  slot.claim->phase = Claim::Phase::ready;
  CHECK_FALSE(slot.is_half_made());
}

TEST_CASE("no symbolic link is followed below the root") {
  const testing::ScratchRepository scratch;
  const std::string root = scratch.folder();
  std::filesystem::create_directories(root + "/real/worker-1");
  std::filesystem::create_symlink("real", root + "/link");
  std::filesystem::create_symlink("../real", root + "/real/worker-2");
  CHECK(open_beneath(root, "real/worker-1"));
  CHECK_FALSE(open_beneath(root, "real/worker-9"));
  CHECK_THROWS_AS(open_beneath(root, "link"), Error);
  CHECK_THROWS_AS(open_beneath(root, "link/worker-1"), Error);
  CHECK_THROWS_AS(open_beneath(root, "real/worker-2"), Error);
  CHECK_THROWS_AS(open_beneath(root, "real/../../home"), Error);
}

TEST_CASE("a folder belongs to the git folder that its .git file names, and to no other") {
  const testing::ScratchRepository scratch;
  const std::string folder = scratch.folder() + "/w";
  scratch.write("w/.git", "gitdir: " + scratch.git_dir() + "/worktrees/w\n");
  const Fd fd = open_beneath(scratch.folder(), "w");
  CHECK(belongs_to(fd.get(), scratch.git_dir() + "/worktrees/w"));
  CHECK_FALSE(belongs_to(fd.get(), scratch.git_dir() + "/worktrees/other"));
  std::filesystem::remove(folder + "/.git");
  CHECK_FALSE(belongs_to(fd.get(), scratch.git_dir() + "/worktrees/w"));
  std::filesystem::create_symlink(scratch.git_dir(), folder + "/.git");
  CHECK_FALSE(belongs_to(fd.get(), scratch.git_dir()));
}

}  // namespace
}  // namespace gitplan
