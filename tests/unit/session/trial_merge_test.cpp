#include "session/trial_merge.hpp"

#include <catch2/catch.hpp>

#include "git/objects.hpp"
#include "git/repository.hpp"
#include "git/tree_folder.hpp"
#include "unit/git/scratch_repository.hpp"

namespace gitplan {
namespace {

using testing::ScratchRepository;

git::Oid at(const ScratchRepository& scratch, const std::string& name) {
  return *git::Oid::parse(scratch.git({"rev-parse", name}));
}

std::string objects(const ScratchRepository& scratch) {
  return scratch.git({"cat-file", "--batch-all-objects", "--batch-check"});
}

TEST_CASE("a squash leaves nothing to merge, a later commit does, and nothing is written") {
  const ScratchRepository scratch;
  scratch.commit_file("a", "base");
  scratch.git({"checkout", "-q", "-b", "side"});
  scratch.commit_file("b", "work");
  scratch.commit_file(".plan/s1/001-x.toml", "");
  scratch.git({"checkout", "-q", "main"});
  scratch.commit_file("a", "changed");
  const auto repository = git::Repository::open(scratch.git_dir());
  CHECK_FALSE(merge_brings_nothing(repository, at(scratch, "main"), at(scratch, "side")));
  scratch.commit_file("b", "work");
  const std::string before = objects(scratch);
  CHECK(merge_brings_nothing(repository, at(scratch, "main"), at(scratch, "side")));
  CHECK(merge_gives(repository, at(scratch, "main~1"), at(scratch, "side"), at(scratch, "main")));
  CHECK_FALSE(
      merge_gives(repository, at(scratch, "main~2"), at(scratch, "side"), at(scratch, "main")));
  CHECK(objects(scratch) == before);
}

TEST_CASE("what conflicts brings something") {
  const ScratchRepository scratch;
  scratch.commit_file("a", "base");
  scratch.git({"branch", "side"});
  scratch.commit_file("a", "one");
  scratch.git({"checkout", "-q", "side"});
  scratch.commit_file("a", "two");
  const auto repository = git::Repository::open(scratch.git_dir());
  CHECK_FALSE(merge_brings_nothing(repository, at(scratch, "main"), at(scratch, "side")));
}

TEST_CASE("a folder takes the place of whatever stood there") {
  const ScratchRepository scratch;
  scratch.commit_file("x", "a file");
  scratch.commit_file("folder/y", "y");
  const auto repository = git::Repository::open(scratch.git_dir());
  const git::Oid tree = git::tree_of(repository, at(scratch, "HEAD"));
  const git::Oid folder = at(scratch, "HEAD:folder");
  for (const char* name : {"x", "folder", "new"}) {
    const git::Oid changed = git::tree_with_folder(repository, tree, name, folder);
    CHECK(git::entry_at(repository, changed, std::string(name) + "/y"));
  }
}

}  // namespace
}  // namespace gitplan
