#include "git/scratch_checkout.hpp"

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <thread>

#include "base/error.hpp"
#include "git/merge.hpp"
#include "git/process.hpp"
#include "git/repository.hpp"
#include "unit/git/forked.hpp"
#include "unit/git/scratch_repository.hpp"

using gitplan::Error;
using gitplan::testing::eventually;
using gitplan::testing::fork_process;
using gitplan::testing::ScratchRepository;
using gitplan::testing::wait_for;
namespace fs = std::filesystem;
namespace git = gitplan::git;

namespace {

git::Oid commit(const ScratchRepository& scratch, const std::string& path,
                const std::string& content) {
  return git::Oid::parse(scratch.commit_file(path, content)).value();
}

std::string status(const std::string& folder) {
  return ScratchRepository::git_in(folder, {"status", "--porcelain", "--ignored"});
}

}  // namespace

TEST_CASE("a checkout holds the commit, apart from the user's", "[scratch]") {
  ScratchRepository scratch(GENERATE(false, true)
                                ? std::vector<std::string>{"--separate-git-dir=../git"}
                                : std::vector<std::string>{});
  const git::Oid first = commit(scratch, "a", "1");
  commit(scratch, "a", "2");
  const git::Repository repository = git::Repository::discover();
  std::string used;
  git::with_checkout(repository, first, [&](const std::string& folder) {
    used = folder;
    CHECK(scratch.read(folder + "/a") == "1");
    CHECK(status(folder).empty());
    CHECK(ScratchRepository::git_in(folder, {"rev-parse", "HEAD"}) == first.hex());
    CHECK(ScratchRepository::try_git_in(folder, {"symbolic-ref", "-q", "HEAD"}).exit_status == 1);
  });
  CHECK(used == repository.common_dir() + "/git-plan/scratch-1");
  CHECK(scratch.read("a") == "2");
  CHECK(status(scratch.folder()).empty());
  CHECK(scratch.git({"symbolic-ref", "HEAD"}) == "refs/heads/main");
}

TEST_CASE("a bare repository lends checkouts too", "[scratch]") {
  ScratchRepository scratch;
  const git::Oid first = commit(scratch, "a", "1");
  const std::string bare = scratch.root() + "/bare.git";
  scratch.git({"clone", "-q", "--bare", scratch.folder(), bare});
  git::with_checkout(git::Repository::open(bare), first, [&](const std::string& folder) {
    CHECK(scratch.read(folder + "/a") == "1");
    CHECK(status(folder).empty());
  });
}

TEST_CASE("a used checkout comes back clean: changed, ignored and nested things are gone",
          "[scratch]") {
  ScratchRepository scratch;
  scratch.write(".gitignore", "*.o\n");
  scratch.git({"add", ".gitignore"});
  const git::Oid first = commit(scratch, "dir/a", "1");
  const git::Oid second = commit(scratch, "dir/b", "2");
  const git::Repository repository = git::Repository::discover();
  git::with_checkout(repository, second, [&](const std::string& folder) {
    scratch.write(folder + "/dir/a", "changed");
    scratch.write(folder + "/x.o", "built");
    scratch.write(folder + "/new/file", "untracked");
    fs::remove(folder + "/dir/b");
    fs::create_directories(folder + "/nested");
    static_cast<void>(ScratchRepository::git_in(folder + "/nested", {"init", "-q"}));
    static_cast<void>(ScratchRepository::git_in(folder, {"add", "-N", "new/file"}));
  });
  git::with_checkout(repository, first, [&](const std::string& folder) {
    CHECK(folder.ends_with("/scratch-1"));
    CHECK(scratch.read(folder + "/dir/a") == "1");
    CHECK(status(folder).empty());
    CHECK_FALSE(fs::exists(folder + "/x.o"));
    CHECK_FALSE(fs::exists(folder + "/nested"));
    CHECK_FALSE(fs::exists(folder + "/dir/b"));
  });
}

TEST_CASE("checkouts that nobody uses are removed, with what git knows of them", "[scratch]") {
  ScratchRepository scratch;
  const git::Oid first = commit(scratch, "a", "1");
  const git::Repository repository = git::Repository::discover();
  const auto worktrees = [&] {
    const std::string list = scratch.git({"worktree", "list", "--porcelain"});
    return list.find("scratch-1") == std::string::npos ? "none" : "one";
  };
  git::with_checkout(repository, first, [&](const std::string& folder) {
    git::remove_idle_checkouts(repository);
    CHECK(scratch.read(folder + "/a") == "1");
  });
  CHECK(worktrees() == std::string("one"));
  git::remove_idle_checkouts(repository);
  CHECK(worktrees() == std::string("none"));
  CHECK_FALSE(fs::exists(repository.common_dir() + "/git-plan/scratch-1"));
  git::with_checkout(repository, first,
                     [&](const std::string& folder) { CHECK(scratch.read(folder + "/a") == "1"); });
}

TEST_CASE("whatever a kill left in a checkout is put right", "[scratch]") {
  ScratchRepository scratch;
  const git::Oid first = commit(scratch, "a", "1");
  scratch.git({"checkout", "-q", "-b", "other"});
  const git::Oid second = commit(scratch, "a", "2");
  scratch.git({"checkout", "-q", "main"});
  const git::Oid third = commit(scratch, "a", "3");
  const git::Repository repository = git::Repository::discover();
  std::string folder;
  git::with_checkout(repository, first, [&](const std::string& path) { folder = path; });
  const std::string admin = scratch.git_dir() + "/worktrees/scratch-1";
  SECTION("locks") {
    for (const char* lock : {"index.lock", "HEAD.lock", "ORIG_HEAD.lock"}) {
      scratch.write(admin + "/" + lock, "");
    }
  }
  SECTION("an index that is no index") { scratch.write(admin + "/index", "DIRCnonsense"); }
  SECTION("no index") { fs::remove(admin + "/index"); }
  SECTION("half a tree") { scratch.write(folder + "/a", ""); }
  SECTION("a merge in conflict") {
    static_cast<void>(
        ScratchRepository::git_in(folder, {"checkout", "-q", "--detach", third.hex()}));
    REQUIRE(ScratchRepository::try_git_in(folder, {"merge", second.hex()}).exit_status == 1);
  }
  SECTION("a rebase in conflict") {
    static_cast<void>(
        ScratchRepository::git_in(folder, {"checkout", "-q", "--detach", third.hex()}));
    REQUIRE(ScratchRepository::try_git_in(folder, {"rebase", second.hex()}).exit_status == 1);
  }
  SECTION("no .git") { fs::remove(folder + "/.git"); }
  SECTION("a .git that names the main repository") {
    scratch.write(folder + "/.git", "gitdir: " + scratch.git_dir() + "\n");
  }
  SECTION("no folder") { fs::remove_all(folder); }
  SECTION("no admin folder") { fs::remove_all(admin); }
  SECTION("an admin folder locked half made") {
    fs::remove_all(folder);
    scratch.write(admin + "/locked", "initializing");
  }
  SECTION("a link in its place") {
    fs::remove_all(folder);
    fs::create_directory_symlink(scratch.folder(), folder);
  }
  git::with_checkout(repository, second, [&](const std::string& path) {
    CHECK(path == folder);
    CHECK(scratch.read(path + "/a") == "2");
    CHECK(status(path).empty());
    CHECK(ScratchRepository::git_in(path, {"rev-parse", "HEAD"}) == second.hex());
  });
  CHECK(scratch.read("a") == "3");
  CHECK(status(scratch.folder()).empty());
  CHECK(scratch.git({"symbolic-ref", "HEAD"}) == "refs/heads/main");
}

TEST_CASE("two at the same time have two checkouts, in one process or two", "[scratch]") {
  ScratchRepository scratch;
  const git::Oid first = commit(scratch, "a", "1");
  const git::Oid second = commit(scratch, "a", "2");
  const git::Repository repository = git::Repository::discover();
  git::with_checkout(repository, first, [&](const std::string& one) {
    git::with_checkout(repository, second, [&](const std::string& two) {
      CHECK(one != two);
      CHECK(scratch.read(one + "/a") == "1");
      CHECK(scratch.read(two + "/a") == "2");
      const pid_t other = fork_process([&] {
        int status = 1;
        git::with_checkout(
            git::Repository::open(scratch.git_dir()), first,
            [&](const std::string& three) { status = three == one || three == two; });
        return status;
      });
      CHECK(wait_for(other) == 0);
    });
  });
  git::with_checkout(repository, second,
                     [&](const std::string& again) { CHECK(again.ends_with("/scratch-1")); });
}

TEST_CASE("many processes at once each get a whole checkout", "[scratch]") {
  ScratchRepository scratch;
  const git::Oid first = commit(scratch, "a", "1");
  const auto statuses = gitplan::testing::fork_all(6, [&](int) {
    int status = 1;
    git::with_checkout(
        git::Repository::open(scratch.git_dir()), first,
        [&](const std::string& folder) { status = scratch.read(folder + "/a") == "1" ? 0 : 2; });
    return status;
  });
  CHECK(statuses == std::vector<int>(6, 0));
}

TEST_CASE("a program that outlives its killed parent keeps its checkout", "[scratch]") {
  ScratchRepository scratch;
  const git::Oid first = commit(scratch, "a", "1");
  const std::string started = scratch.root() + "/started";
  const pid_t owner = fork_process([&] {
    git::with_checkout(git::Repository::open(scratch.git_dir()), first, [&](const std::string&) {
      git::Command command;
      command.arguments = {"sh", "-c", "echo $$ >" + started + "; exec sleep 60"};
      git::run_program(command);
    });
    return 0;
  });
  REQUIRE(eventually([&] { return scratch.read(started).ends_with('\n'); }));
  kill(owner, SIGKILL);
  wait_for(owner);
  const git::Repository repository = git::Repository::discover();
  git::with_checkout(repository, first,
                     [&](const std::string& folder) { CHECK(folder.ends_with("/scratch-2")); });
  kill(std::stoi(scratch.read(started)), SIGKILL);
  CHECK(eventually([&] {
    std::string used;
    git::with_checkout(repository, first, [&](const std::string& folder) { used = folder; });
    return used.ends_with("/scratch-1");
  }));
}

TEST_CASE("an exception passes through and lets the checkout go", "[scratch]") {
  ScratchRepository scratch;
  const git::Oid first = commit(scratch, "a", "1");
  const git::Repository repository = git::Repository::discover();
  REQUIRE_THROWS_WITH(
      git::with_checkout(repository, first,
                         [](const std::string&) { throw std::runtime_error("stop"); }),
      "stop");
  git::with_checkout(repository, first,
                     [&](const std::string& folder) { CHECK(folder.ends_with("/scratch-1")); });
}

TEST_CASE("post-checkout runs there: what it makes stays, and its failure does not stop us",
          "[scratch]") {
  ScratchRepository scratch;
  const git::Oid first = commit(scratch, "a", "1");
  scratch.write_hook("post-checkout", "#!/bin/sh\necho made >made\nexit 1\n");
  for (int i = 0; i < 2; ++i) {
    git::with_checkout(git::Repository::discover(), first, [&](const std::string& folder) {
      CHECK(scratch.read(folder + "/made") == "made\n");
      CHECK(scratch.read(folder + "/a") == "1");
    });
  }
  CHECK_FALSE(fs::exists(scratch.folder() + "/made"));
}

TEST_CASE("a filter that must run and cannot is an error that says so", "[scratch]") {
  ScratchRepository scratch;
  scratch.write(".gitattributes", "a filter=must\n");
  scratch.git({"add", ".gitattributes"});
  const git::Oid first = commit(scratch, "a", "1");
  scratch.git({"config", "filter.must.smudge", "false"});
  scratch.git({"config", "filter.must.required", "true"});
  try {
    git::with_checkout(git::Repository::discover(), first,
                       [](const std::string&) { FAIL("used"); });
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find("filter") != std::string::npos);
  }
}
