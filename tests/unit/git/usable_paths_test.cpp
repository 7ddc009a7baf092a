#include "git/usable_paths.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "git/objects.hpp"
#include "git/repository.hpp"
#include "unit/git/scratch_repository.hpp"

using namespace gitplan;
using git::is_usable_name;
using testing::ScratchRepository;

TEST_CASE("a checkout holds no name that leads out of it or into git's folder") {
  for (const char* name : {"", ".", "..", ".git", ".GIT", ".git ", ".git...", "git~1", "GIT~1 ",
                           ".git:x", ".git::$DATA"}) {
    CAPTURE(name);
    CHECK_FALSE(is_usable_name(name, false));
  }
  for (const char* name :
       {"a", "...", ".gitignore", ".github", "git", "git~2", "x.git", ".gitmodules", "..a"}) {
    CAPTURE(name);
    CHECK(is_usable_name(name, false));
  }
  CHECK_FALSE(is_usable_name(".gitModules", true));
  CHECK(is_usable_name(".gitmodules2", true));
}

TEST_CASE("a path that cannot be checked out is found wherever it was added") {
  const ScratchRepository scratch;
  scratch.commit_file("a/b/c", "one");
  const git::Oid before = *git::Oid::parse(scratch.commit_file("a/d", "two"));
  const git::Oid fine = *git::Oid::parse(scratch.commit_file("a/b/e", "three"));
  const auto repository = git::Repository::open(scratch.git_dir());
  CHECK_FALSE(git::unusable_path(repository, before, fine));
  const std::string blob = scratch.git({"rev-parse", "HEAD:a/d"});
  const auto tree = [&](const std::string& line) {
    const std::string script = "!printf '%s\\n' '" + line + "' | git mktree";
    return scratch.git({"-c", "alias.make=" + script, "make"});
  };
  const std::string inner = tree("100644 blob " + blob + "\t.git");
  const std::string outer = tree("040000 tree " + inner + "\tsub");
  const git::Oid bad = *git::Oid::parse(scratch.git({"commit-tree", "-m", "bad", outer}));
  CHECK(git::unusable_path(repository, before, bad) == "sub/.git");
  CHECK_FALSE(git::unusable_path(repository, bad, bad));
}
