#include "git/as_checked_out.hpp"

#include <catch2/catch.hpp>

#include "git/repository.hpp"
#include "unit/git/scratch_repository.hpp"

using gitplan::testing::ScratchRepository;
namespace git = gitplan::git;

TEST_CASE("what git wrote, and would store otherwise, is told from what somebody wrote",
          "[lines]") {
  const ScratchRepository scratch;
  const std::string stored = "a\r\nb\r\n";
  scratch.commit_file("legacy", stored);
  scratch.commit_file("with space", stored);
  scratch.write(".gitattributes", "* text\n");
  const git::Repository repository = git::Repository::discover();
  const git::Checkout checkout{scratch.folder(), scratch.git_dir()};
  const std::vector<std::string> paths{"legacy", "with space"};
  CHECK(git::as_checked_out(repository, checkout, paths) == paths);
  scratch.write("legacy", "a\r\nmine\r\n");
  CHECK(git::as_checked_out(repository, checkout, paths) == std::vector<std::string>{"with space"});
  CHECK(git::as_checked_out(repository, checkout, {}).empty());
  scratch.git({"config", "filter.no.smudge", "false"});
  scratch.git({"config", "filter.no.required", "true"});
  scratch.write(".gitattributes", "* filter=no\n");
  CHECK(git::as_checked_out(repository, checkout, paths).empty());
}
