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

/// A worktree of ours at its place, of which nobody has a claim.
SlotFacts some_facts() {
  SlotFacts facts;
  facts.recorded = facts.folder_exists = facts.has_index = true;
  facts.dot_git = SlotFacts::DotGit::this_worktree;
  return facts;
}

TEST_CASE("a slot is being made while its owner may live, and half made afterwards") {
  for (const auto phase : {Claim::Phase::saving, Claim::Phase::filling, Claim::Phase::filled,
                           Claim::Phase::leaving, Claim::Phase::discarding}) {
    SlotFacts facts = some_facts();
    facts.phase = phase;
    facts.owner_may_live = true;
    CHECK(state_of(facts) == Slot::State::making);
    facts.owner_may_live = false;
    CHECK(state_of(facts) == Slot::State::half_made);
  }
}

TEST_CASE("a slot that was handed over is its worker's, whoever filled it") {
  SlotFacts facts = some_facts();
  facts.phase = Claim::Phase::ready;
  CHECK(state_of(facts) == Slot::State::handed_over);
  facts.owner_may_live = true;
  CHECK(state_of(facts) == Slot::State::handed_over);
}

TEST_CASE("a worktree without a claim was made by hand, or is not there yet") {
  SlotFacts facts = some_facts();
  CHECK(state_of(facts) == Slot::State::by_hand);
  facts.has_index = false;
  CHECK(state_of(facts) == Slot::State::half_made);
}

TEST_CASE("what stands at the place of a worktree tells whether it is there") {
  SlotFacts facts = some_facts();
  facts.phase = Claim::Phase::ready;
  facts.dot_git = SlotFacts::DotGit::old_place;
  CHECK(state_of(facts) == Slot::State::moved);
  facts.dot_git = SlotFacts::DotGit::none;
  CHECK(state_of(facts) == Slot::State::displaced);
  facts.dot_git = SlotFacts::DotGit::other_repository;
  CHECK(state_of(facts) == Slot::State::displaced);
  facts.folder_exists = false;
  CHECK(state_of(facts) == Slot::State::folder_gone);
}

TEST_CASE("what git has no record of is nothing, a stranger, or another repository's") {
  SlotFacts facts;
  CHECK(state_of(facts) == Slot::State::absent);
  facts.folder_exists = true;
  CHECK(state_of(facts) == Slot::State::strange);
  facts.dot_git = SlotFacts::DotGit::other_repository;
  CHECK(state_of(facts) == Slot::State::other_repository);
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

TEST_CASE("a folder is the worktree whose git folder its .git file names, and no other") {
  using DotGit = SlotFacts::DotGit;
  const testing::ScratchRepository scratch;
  const std::string folder = scratch.folder() + "/w";
  const std::string admin = scratch.git_dir() + "/worktrees/w";
  std::filesystem::create_directories(admin);
  std::filesystem::create_directories(scratch.git_dir() + "/worktrees/other");
  scratch.write("w/.git", "gitdir: " + admin + "\n");
  const Fd fd = open_beneath(scratch.folder(), "w");
  CHECK(named_by_dot_git(fd.get(), admin) == DotGit::this_worktree);
  CHECK(named_by_dot_git(fd.get(), scratch.git_dir() + "/worktrees/other") == DotGit::none);
  std::filesystem::remove(folder + "/.git");
  CHECK(named_by_dot_git(fd.get(), admin) == DotGit::none);
  std::filesystem::create_symlink(admin, folder + "/.git");
  CHECK(named_by_dot_git(fd.get(), admin) == DotGit::none);
}

TEST_CASE("a folder whose repository was moved names the place where that stood") {
  using DotGit = SlotFacts::DotGit;
  const testing::ScratchRepository scratch;
  const std::string admin = scratch.git_dir() + "/worktrees/w";
  std::filesystem::create_directories(admin);
  scratch.write("w/.git", "gitdir: /nowhere/.git/worktrees/w\n");
  const Fd fd = open_beneath(scratch.folder(), "w");
  CHECK(named_by_dot_git(fd.get(), admin) == DotGit::old_place);
  CHECK(named_by_dot_git(fd.get(), scratch.git_dir() + "/worktrees/v") == DotGit::none);
  CHECK(named_by_dot_git(fd.get(), "") == DotGit::none);
}

TEST_CASE("a worktree of another repository is known by the way back from its git folder") {
  using DotGit = SlotFacts::DotGit;
  const testing::ScratchRepository scratch;
  const std::string theirs = scratch.folder() + "/other/worktrees/w";
  std::filesystem::create_directories(theirs);
  scratch.write("w/.git", "gitdir: " + theirs + "\n");
  const Fd fd = open_beneath(scratch.folder(), "w");
  CHECK(named_by_dot_git(fd.get(), "") == DotGit::none);
  scratch.write("other/worktrees/w/gitdir", scratch.folder() + "/w/.git\n");
  CHECK(named_by_dot_git(fd.get(), "") == DotGit::other_repository);
}

}  // namespace
}  // namespace gitplan
