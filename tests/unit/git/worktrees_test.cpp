#include "git/worktrees.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "git/repository.hpp"
#include "unit/git/scratch_repository.hpp"

using gitplan::testing::ScratchRepository;
namespace git = gitplan::git;

namespace {

git::Repository opened(const ScratchRepository& scratch) {
  return git::Repository::open(scratch.git_dir());
}

git::Worktree named(const git::Repository& repository, const std::string& id) {
  for (git::Worktree& worktree : git::list_worktrees(repository)) {
    if (worktree.id == id) return std::move(worktree);
  }
  FAIL("no worktree '" << id << "'");
  return {};
}

}  // namespace

TEST_CASE("the main worktree comes first, with its branch", "[worktrees]") {
  ScratchRepository scratch;
  scratch.commit_file("a", "1");
  scratch.git({"worktree", "add", "-q", "-b", "one", scratch.root() + "/one"});
  const std::vector<git::Worktree> worktrees = git::list_worktrees(opened(scratch));
  REQUIRE(worktrees.size() == 2);
  CHECK(worktrees[0].is_main);
  CHECK(worktrees[0].id.empty());
  CHECK(worktrees[0].path == scratch.folder());
  CHECK(worktrees[0].admin_folder == scratch.git_dir());
  CHECK(worktrees[0].branch == "refs/heads/main");
  CHECK_FALSE(worktrees[0].head);
  CHECK_FALSE(worktrees[1].is_main);
  CHECK(worktrees[1].id == "one");
  CHECK(worktrees[1].path == scratch.root() + "/one");
  CHECK(worktrees[1].admin_folder == scratch.git_dir() + "/worktrees/one");
  CHECK(worktrees[1].branch == "refs/heads/one");
  CHECK_FALSE(worktrees[1].missing);
}

TEST_CASE("the list is the same from a linked worktree", "[worktrees]") {
  ScratchRepository scratch;
  scratch.commit_file("a", "1");
  scratch.git({"worktree", "add", "-q", "-b", "one", scratch.root() + "/one"});
  const git::Repository linked = git::Repository::open(scratch.git_dir() + "/worktrees/one");
  const std::vector<git::Worktree> worktrees = git::list_worktrees(linked);
  REQUIRE(worktrees.size() == 2);
  CHECK(worktrees[0].path == scratch.folder());
  CHECK(worktrees[1].path == scratch.root() + "/one");
}

TEST_CASE("a bare repository has nothing checked out itself", "[worktrees]") {
  ScratchRepository scratch({"--bare"});
  const git::Worktree main = git::list_worktrees(opened(scratch)).front();
  CHECK(main.is_main);
  CHECK(main.path.empty());
  CHECK(main.branch.empty());
  CHECK_FALSE(git::worktree_of_branch(opened(scratch), "refs/heads/main"));
}

TEST_CASE("a detached HEAD shows its commit", "[worktrees]") {
  ScratchRepository scratch;
  const std::string commit = scratch.commit_file("a", "1");
  scratch.git({"worktree", "add", "-q", "--detach", scratch.root() + "/one"});
  const git::Worktree one = named(opened(scratch), "one");
  CHECK(one.branch.empty());
  REQUIRE(one.head);
  CHECK(one.head->hex() == commit);
}

TEST_CASE("a folder or .git that is gone makes a worktree missing", "[worktrees]") {
  ScratchRepository scratch;
  scratch.commit_file("a", "1");
  scratch.git({"worktree", "add", "-q", "-b", "one", scratch.root() + "/one"});
  std::filesystem::remove(scratch.root() + "/one/.git");
  CHECK(named(opened(scratch), "one").missing);
  std::filesystem::remove_all(scratch.root() + "/one");
  CHECK(named(opened(scratch), "one").missing);
  const auto found = git::worktree_of_branch(opened(scratch), "refs/heads/one");
  REQUIRE(found);
  CHECK(found->missing);
}

TEST_CASE("relative gitdir paths and odd names are understood", "[worktrees]") {
  ScratchRepository scratch;
  scratch.commit_file("a", "1");
  const std::string path = scratch.root() + "/ two\nlines ";
  scratch.git({"worktree", "add", "-q", "-b", "odd", path});
  const std::string id = git::list_worktrees(opened(scratch))[1].id;
  CHECK(named(opened(scratch), id).path == path);
  scratch.write(scratch.git_dir() + "/worktrees/" + id + "/gitdir",
                "../../../../ two\nlines /.git\n");
  CHECK(named(opened(scratch), id).path == path);
  CHECK_FALSE(named(opened(scratch), id).missing);
}

TEST_CASE("a rebase under way holds its branch, with either backend", "[worktrees]") {
  ScratchRepository scratch;
  scratch.commit_file("a", "1");
  scratch.git({"branch", "flow"});
  scratch.commit_file("a", "2");
  scratch.git({"checkout", "-q", "flow"});
  scratch.commit_file("a", "3");
  REQUIRE(scratch.try_git({"rebase", GENERATE("--merge", "--apply"), "main"}).exit_status != 0);
  const auto found = git::worktree_of_branch(opened(scratch), "refs/heads/flow");
  REQUIRE(found);
  CHECK(found->rebasing);
  CHECK(found->is_main);
  CHECK(found->head);
}

TEST_CASE("a rebase that will move other branches at its end holds them too", "[worktrees]") {
  ScratchRepository scratch;
  scratch.commit_file("a", "1");
  scratch.git({"branch", "flow"});
  scratch.commit_file("a", "2");
  scratch.git({"checkout", "-q", "flow"});
  scratch.commit_file("b", "3");
  scratch.git({"checkout", "-q", "-b", "topic"});
  scratch.commit_file("a", "4");
  REQUIRE(scratch.try_git({"rebase", "--update-refs", "main"}).exit_status != 0);
  const auto found = git::worktree_of_branch(opened(scratch), "refs/heads/flow");
  REQUIRE(found);
  CHECK(found->rebasing);
  CHECK_FALSE(git::worktree_of_branch(opened(scratch), "refs/heads/main"));
}

TEST_CASE("a bisect holds the branch that it started from", "[worktrees]") {
  ScratchRepository scratch;
  const std::string good = scratch.commit_file("a", "1");
  scratch.commit_file("a", "2");
  scratch.commit_file("a", "3");
  scratch.git({"bisect", "start", "HEAD", good});
  const auto found = git::worktree_of_branch(opened(scratch), "refs/heads/main");
  REQUIRE(found);
  CHECK(found->rebasing);
  scratch.git({"bisect", "reset"});
  CHECK_FALSE(git::worktree_of_branch(opened(scratch), "refs/heads/main")->rebasing);
}

TEST_CASE("a HEAD that is a symbolic link is read", "[worktrees]") {
  ScratchRepository scratch;
  scratch.commit_file("a", "1");
  const git::Repository repository = opened(scratch);
  std::filesystem::remove(scratch.git_dir() + "/HEAD");
  std::filesystem::create_symlink("refs/heads/main", scratch.git_dir() + "/HEAD");
  CHECK(git::list_worktrees(repository).front().branch == "refs/heads/main");
}

TEST_CASE("half-made and hostile admin folders do no harm", "[worktrees]") {
  ScratchRepository scratch;
  scratch.commit_file("a", "1");
  const git::Repository repository = opened(scratch);
  const std::string folder = scratch.git_dir() + "/worktrees/";
  std::filesystem::create_directories(folder + "empty");
  std::filesystem::create_directories(folder + "folders/HEAD");
  std::filesystem::create_directories(folder + "folders/gitdir");
  scratch.write(folder + "file", "x");
  scratch.write(folder + "only-head/HEAD", "ref: refs/heads/half\n");
  scratch.write(folder + "garbage/HEAD", std::string(100, '\0'));
  scratch.write(folder + "garbage/gitdir", "");
  std::filesystem::create_directories(folder + "links");
  std::filesystem::create_symlink("/dev/zero", folder + "links/gitdir");
  const std::vector<git::Worktree> worktrees = git::list_worktrees(repository);
  REQUIRE(worktrees.size() == 2);
  CHECK(worktrees[1].id == "only-head");
  CHECK(worktrees[1].branch == "refs/heads/half");
  CHECK(worktrees[1].missing);
}

TEST_CASE("listing beside worktree add and remove throws nothing", "[worktrees]") {
  ScratchRepository scratch;
  scratch.commit_file("a", "1");
  const git::Repository repository = opened(scratch);
  std::atomic<bool> done = false;
  std::size_t lists = 0;
  std::thread adds([&] {
    for (int i = 0; i < 15; ++i) {
      const std::string path = scratch.root() + "/w" + std::to_string(i % 3);
      ScratchRepository::try_git_in(scratch.folder(), {"worktree", "add", "-q", "--detach", path});
      ScratchRepository::try_git_in(scratch.folder(), {"worktree", "remove", "-f", path});
    }
    done = true;
  });
  while (!done) {
    const std::vector<git::Worktree> worktrees = git::list_worktrees(repository);
    if (worktrees.empty() || !worktrees.front().is_main) break;
    ++lists;
  }
  adds.join();
  CHECK(lists > 10);
  CHECK(git::list_worktrees(repository).size() == 1);
}
