#include "git/under_way.hpp"

#include <catch2/catch.hpp>

#include "unit/git/scratch_repository.hpp"

using gitplan::testing::ScratchRepository;
namespace git = gitplan::git;

namespace {

std::string finish_of(const ScratchRepository& scratch) {
  const auto operation = git::operation_under_way(scratch.git_dir());
  return operation ? operation->finish : "";
}

/// main and "side" change the same file, each in two commits.
void diverge(const ScratchRepository& scratch) {
  scratch.commit_file("a", "base");
  scratch.git({"checkout", "-q", "-b", "side"});
  scratch.commit_file("a", "side");
  scratch.commit_file("a", "side too");
  scratch.git({"checkout", "-q", "main"});
  scratch.commit_file("a", "main");
  scratch.commit_file("a", "main too");
}

}  // namespace

TEST_CASE("what git is in the middle of has a name, and a way on", "[under_way]") {
  const ScratchRepository scratch;
  diverge(scratch);
  CHECK_FALSE(git::operation_under_way(scratch.git_dir()));
  const std::vector<std::pair<std::vector<std::string>, std::string>> stopped{
      {{"merge", "side"}, "merge --continue"},
      {{"cherry-pick", "side~1", "side"}, "cherry-pick --continue"},
      {{"revert", "--no-edit", "HEAD~1"}, "revert --continue"},
      {{"rebase", "side"}, "rebase --continue"},
      {{"rebase", "--apply", "side"}, "rebase --continue"}};
  for (const auto& [words, expected] : stopped) {
    CHECK(scratch.try_git(words).exit_status != 0);
    CHECK(finish_of(scratch) == expected);
    scratch.git({words.front(), "--abort"});
    CHECK(finish_of(scratch).empty());
  }
}

TEST_CASE("a series that stopped between two commits goes on too", "[under_way]") {
  const ScratchRepository scratch;
  diverge(scratch);
  for (const char* verb : {"cherry-pick", "revert"}) {
    const std::string range = verb == std::string("revert") ? "main~2..main" : "side~2..side";
    CHECK(scratch.try_git({verb, range}).exit_status != 0);
    scratch.git({"checkout", "-q", "HEAD", "--", "a"});
    scratch.try_git({"commit", "-q", "--allow-empty", "-m", "resolved"});
    CHECK(finish_of(scratch) == std::string(verb) + " --continue");
    scratch.git({verb, "--quit"});
    scratch.git({"reset", "-q", "--hard", "main"});
  }
}

TEST_CASE("patches that do not apply, and a bisection", "[under_way]") {
  const ScratchRepository scratch;
  diverge(scratch);
  scratch.git({"format-patch", "-q", "-1", "-o", scratch.root(), "side"});
  CHECK(scratch.try_git({"am", "-q", scratch.root() + "/0001-a-commit.patch"}).exit_status != 0);
  CHECK(finish_of(scratch) == "am --continue");
  scratch.git({"am", "--abort"});
  scratch.git({"bisect", "start", "HEAD", "HEAD~2"});
  CHECK(finish_of(scratch) == "bisect reset");
  scratch.git({"bisect", "reset"});
  CHECK(finish_of(scratch).empty());
}
