#include "git/diff_stat.hpp"

#include <catch2/catch.hpp>

#include "git/objects.hpp"
#include "git/repository.hpp"
#include "scratch_repository.hpp"

using gitplan::testing::ScratchRepository;
using namespace gitplan::git;

namespace {

Oid tree_now(ScratchRepository& scratch) {
  scratch.git({"add", "-A"});
  return *Oid::parse(scratch.git({"write-tree"}));
}

}  // namespace

TEST_CASE("changes are counted as git diff --numstat counts them") {
  ScratchRepository scratch;
  scratch.write("kept.txt", "1\n2\n3\n4\n5\n6\n7\n8\n");
  scratch.write("changed.txt", "a\nb\nc\n");
  scratch.write("gone.txt", "x\n");
  scratch.write("binary", std::string("\0\1\2", 3));
  const Oid before = tree_now(scratch);
  scratch.git({"mv", "kept.txt", "moved.txt"});
  scratch.write("changed.txt", "a\nB\nc\nd\n");
  scratch.git({"rm", "-q", "-f", "gone.txt"});
  scratch.write("binary", std::string("\0\1\3", 3));
  scratch.write(".plan/s/001-x.toml", "format = 1\n");
  scratch.write(".planned", "no folder of ours\n");
  const Oid after = tree_now(scratch);
  const auto changes = changes_between(Repository::discover(), before, after, ".plan");
  REQUIRE(changes);
  std::string numbers;
  for (const auto& one : *changes)
    numbers +=
        one.path + " " + std::to_string(one.added) + " " + std::to_string(one.removed) + "\n";
  CHECK(numbers == ".planned 1 0\nbinary 0 0\nchanged.txt 2 1\ngone.txt 0 1\nmoved.txt 0 0\n");
}

TEST_CASE("without a tree before, all is new") {
  ScratchRepository scratch;
  scratch.write("a", "1\n2\n");
  const auto changes = changes_between(Repository::discover(), std::nullopt, tree_now(scratch), "");
  REQUIRE(changes);
  REQUIRE(changes->size() == 1);
  CHECK(changes->front().added == 2);
}

TEST_CASE("what is missing cannot be counted") {
  ScratchRepository scratch;
  const Oid missing = *Oid::parse("0123456789012345678901234567890123456789");
  CHECK_FALSE(changes_between(Repository::discover(), std::nullopt, missing, ""));
}
