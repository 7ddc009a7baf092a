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
  CHECK(is_usable_name(std::string(255, 'x'), false));
  CHECK_FALSE(is_usable_name(std::string(256, 'x'), false));
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

TEST_CASE("so is one that is too long, and a link that cannot be made") {
  const ScratchRepository scratch;
  const git::Oid before = *git::Oid::parse(scratch.commit_file("a", "one"));
  const auto repository = git::Repository::open(scratch.git_dir());
  const auto with = [&](const std::string& line) {
    const std::string script = "!printf '%s\\n' '" + line + "' | git mktree";
    const std::string tree = scratch.git({"-c", "alias.make=" + script, "make"});
    return *git::Oid::parse(scratch.git({"commit-tree", "-m", "x", tree}));
  };
  const auto tree_of = [&](const git::Oid& commit) {
    return scratch.git({"rev-parse", commit.hex() + "^{tree}"});
  };
  const auto link_to = [&](const std::string& target) {
    return with("120000 blob " + git::write_blob(repository, target).hex() + "\tlink");
  };
  const std::string name(250, 'd');
  git::Oid deep = with("100644 blob " + scratch.git({"rev-parse", "HEAD:a"}) + "\tf");
  std::string path = "f";
  for (; path.size() + name.size() + 1 < 4096; path = name + "/" + path)
    deep = with("040000 tree " + tree_of(deep) + "\t" + name);
  CHECK_FALSE(git::unusable_path(repository, before, deep));
  deep = with("040000 tree " + tree_of(deep) + "\t" + name);
  CHECK(git::unusable_path(repository, before, deep));
  CHECK_FALSE(git::unusable_path(repository, before, link_to("a")));
  CHECK(git::unusable_path(repository, before, link_to("")) == "link");
  CHECK(git::unusable_path(repository, before, link_to(std::string(4096, 'a'))) == "link");
}

TEST_CASE("a tree that stands in others again and again is read once") {
  const ScratchRepository scratch;
  const git::Oid before = *git::Oid::parse(scratch.commit_file("a", "one"));
  const auto repository = git::Repository::open(scratch.git_dir());
  const std::string blob = scratch.git({"rev-parse", "HEAD:a"});
  const auto tree_of_ten = [&](const std::string& type, const std::string& id) {
    const std::string script = "!for i in 0 1 2 3 4 5 6 7 8 9; do printf '" + type + " " + id +
                               "\\t%s\\n' $i; done | git mktree";
    return scratch.git({"-c", "alias.make=" + script, "make"});
  };
  std::vector<git::Oid> levels;
  std::string tree = tree_of_ten("100644 blob", blob);
  for (int level = 1; level <= 12; ++level) {
    levels.push_back(*git::Oid::parse(scratch.git({"commit-tree", "-m", "x", tree})));
    tree = tree_of_ten("040000 tree", tree);
  }
  CHECK_FALSE(git::unusable_path(repository, before, levels[5]));  // a million and more
  CHECK(git::unusable_path(repository, before, levels[6]) == "");
  CHECK(git::unusable_path(repository, before, levels[11]) == "0/0/0/0/0/");
  CHECK_FALSE(git::unusable_path(repository, levels[11], levels[11]));
}
