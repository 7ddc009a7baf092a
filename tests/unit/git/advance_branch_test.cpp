#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <thread>

#include "base/error.hpp"
#include "git/merge.hpp"
#include "git/refs.hpp"
#include "git/repository.hpp"
#include "unit/git/advance_fixture.hpp"
#include "unit/git/forked.hpp"

using gitplan::Error;
using gitplan::ErrorKind;
using gitplan::testing::difference;
using gitplan::testing::FlowCheckout;
using gitplan::testing::ScratchRepository;
using Paths = std::vector<std::string>;
namespace fs = std::filesystem;
namespace git = gitplan::git;

namespace {

const std::string kFlow = "refs/heads/flow";

// Two commits on flow, which is one behind, and checked out nowhere.
struct Line {
  Line() {
    before = *git::Oid::parse(scratch.commit_file("a", "1"));
    scratch.git({"branch", "flow"});
    after = *git::Oid::parse(scratch.commit_file("a", "2"));
  }

  [[nodiscard]] git::FlowResult advance() const {
    return git::advance_branch(git::Repository::open(scratch.git_dir()), kFlow, before, after,
                               "plan: go");
  }
  [[nodiscard]] std::string tip() const { return scratch.git({"rev-parse", "flow"}); }

  ScratchRepository scratch;
  git::Oid before;
  git::Oid after;
};

}  // namespace

TEST_CASE("a branch that is checked out nowhere moves, and the message is in its reflog",
          "[advance]") {
  Line line;
  CHECK(line.advance().update == git::FlowUpdate::moved);
  CHECK(line.tip() == line.after.hex());
  CHECK(line.scratch.git({"reflog", "-1", "--format=%gs", "flow"}) == "plan: go");
}

TEST_CASE("a branch that has moved meanwhile loses the race, checked out or not", "[advance]") {
  Line line;
  line.scratch.git({"branch", "-f", "flow", "main"});
  CHECK(line.advance().update == git::FlowUpdate::lost_race);
  line.scratch.git({"checkout", "-q", "flow"});
  CHECK(line.advance().update == git::FlowUpdate::lost_race);
  CHECK(line.tip() == line.after.hex());
  CHECK(line.scratch.git({"status", "--porcelain"}).empty());
}

TEST_CASE("a clean checkout follows its branch", "[advance]") {
  Line line;
  line.scratch.git({"checkout", "-q", "flow"});
  CHECK(line.advance().update == git::FlowUpdate::moved);
  CHECK(line.scratch.read("a") == "2");
  CHECK(line.scratch.git({"status", "--porcelain"}).empty());
  CHECK(line.scratch.git({"symbolic-ref", "HEAD"}) == kFlow);
  CHECK(line.scratch.git({"reflog", "-1", "--format=%gs", "HEAD"}) == "plan: go: Fast-forward");
}

TEST_CASE("local work elsewhere in the checkout stays byte for byte", "[advance]") {
  FlowCheckout flow;
  const std::string status = flow.scratch.git({"status", "--porcelain", "--ignored", "-uall"});
  const std::string difference =
      flow.scratch.git({"diff"}) + flow.scratch.git({"diff", "--cached"});
  const std::string stashes = flow.scratch.git({"stash", "list", "-p"});
  const git::FlowResult result = flow.advance();
  CHECK(result.update == git::FlowUpdate::moved);
  CHECK(flow.tip() == flow.after);
  CHECK(flow.scratch.git({"status", "--porcelain", "--ignored", "-uall"}) == status);
  CHECK(flow.scratch.git({"diff"}) + flow.scratch.git({"diff", "--cached"}) == difference);
  CHECK(flow.scratch.git({"stash", "list", "-p"}) == stashes);
  CHECK(flow.scratch.read("filtered.upper") == "SHOUT NEW\n");
  CHECK(fs::exists(flow.scratch.folder() + "/empty-folder"));
  CHECK(flow.leftovers().empty());
}

TEST_CASE("local work in the way blocks, is named, and stays", "[advance]") {
  FlowCheckout flow;
  const ScratchRepository& scratch = flow.scratch;
  Paths expected;
  SECTION("a changed file") {
    scratch.write("changed", "mine");
    expected = {"changed"};
  }
  SECTION("a staged change") {
    scratch.write("gone", "mine");
    scratch.git({"add", "gone"});
    expected = {"gone"};
  }
  SECTION("a staged change that the file no longer has") {
    scratch.write("gone", "mine");
    scratch.git({"add", "gone"});
    scratch.write("gone", "old gone\n");
    expected = {"gone"};
  }
  SECTION("a deleted file") {
    fs::remove(scratch.folder() + "/changed");
    expected = {"changed"};
  }
  SECTION("a staged deletion") {
    scratch.git({"rm", "-q", "changed"});
    expected = {"changed"};
  }
  SECTION("an untracked file") {
    scratch.write("added/empty", "mine");
    expected = {"added/empty"};
  }
  SECTION("an untracked file with the very content") {
    scratch.write("added/empty", "");
    expected = {"added/empty"};
  }
  SECTION("an ignored file") {
    scratch.write(scratch.git_dir() + "/info/exclude", "*.lower\n");
    scratch.write("added.lower", "mine");
    expected = {"added.lower"};
  }
  SECTION("a file where a folder shall be") {
    scratch.write("added", "mine");
    expected = {"added"};
  }
  SECTION("a link where a folder shall be") {
    fs::create_directory_symlink("..", scratch.folder() + "/added");
    expected = {"added"};
  }
  SECTION("files in a folder where a file shall be") {
    scratch.write("added.lower/one", "mine");
    scratch.write("added.lower/two.ignored", "mine");
    expected = {"added.lower/one", "added.lower/two.ignored"};
  }
  SECTION("an untracked file in a folder that becomes a file") {
    scratch.write("was-folder/c", "mine");
    expected = {"was-folder/c"};
  }
  SECTION("an added file") {
    scratch.write("added/empty", "mine");
    scratch.git({"add", "added/empty"});
    expected = {"added/empty"};
  }
  SECTION("a changed executable bit") {
    fs::permissions(scratch.folder() + "/changed", fs::perms::owner_all);
    expected = {"changed"};
  }
  SECTION("several, with odd names") {
    scratch.write("a b\nc", "mine");
    scratch.write("changed", "mine");
    fs::remove(scratch.folder() + "/link");
    fs::create_symlink("elsewhere", scratch.folder() + "/link");
    expected = {"a b\nc", "changed", "link"};
  }
  const std::string before = flow.looks();
  const git::FlowResult result = flow.advance();
  CHECK(result.update == git::FlowUpdate::blocked);
  CHECK(result.worktree == scratch.folder());
  CHECK(result.paths == expected);
  CHECK(difference(before, flow.looks()) == "");
  CHECK(flow.tip() == flow.before);
  CHECK(flow.leftovers().empty());
}

TEST_CASE("local work that agrees with the new commit is not in the way", "[advance]") {
  FlowCheckout flow;
  SECTION("a deletion that it makes too") { fs::remove(flow.scratch.folder() + "/gone"); }
  SECTION("a staged deletion that it makes too") { flow.scratch.git({"rm", "-q", "gone"}); }
  SECTION("a change staged that it has too") {
    flow.scratch.git({"checkout", flow.after.hex(), "--", "changed", "added/empty"});
  }
  SECTION("an empty folder where a file shall be") {
    fs::create_directories(flow.scratch.folder() + "/added.lower/deep");
  }
  CHECK(flow.advance().update == git::FlowUpdate::moved);
  CHECK(flow.tip() == flow.after);
  CHECK(flow.leftovers().empty());
}

TEST_CASE("a file that was only touched is not in the way", "[advance]") {
  FlowCheckout flow;
  fs::last_write_time(flow.scratch.folder() + "/changed", fs::file_time_type::clock::now());
  CHECK(flow.advance().update == git::FlowUpdate::moved);
}

TEST_CASE("a linked worktree that has the branch follows it, the main one stays", "[advance]") {
  Line line;
  const std::string linked = line.scratch.root() + "/linked";
  line.scratch.git({"worktree", "add", "-q", linked, "flow"});
  line.scratch.write("a", "dirty");
  CHECK(line.advance().update == git::FlowUpdate::moved);
  CHECK(line.scratch.read(linked + "/a") == "2");
  CHECK(ScratchRepository::git_in(linked, {"status", "--porcelain"}).empty());
  CHECK(line.scratch.read("a") == "dirty");
  CHECK(line.tip() == line.after.hex());
}

TEST_CASE("work in a linked worktree blocks with that worktree's name", "[advance]") {
  Line line;
  const std::string linked = line.scratch.root() + "/linked";
  line.scratch.git({"worktree", "add", "-q", linked, "flow"});
  line.scratch.write(linked + "/a", "mine");
  const git::FlowResult result = line.advance();
  CHECK(result.update == git::FlowUpdate::blocked);
  CHECK(result.worktree == linked);
  CHECK(result.paths == Paths{"a"});
}

TEST_CASE("a worktree that is not where git has recorded it holds the branch, as for git branch -f",
          "[advance]") {
  Line line;
  const std::string linked = line.scratch.root() + "/linked";
  line.scratch.git({"worktree", "add", "-q", linked, "flow"});
  SECTION("moved away") { fs::rename(linked, linked + "-moved"); }
  SECTION("locked, on a disk that is not there") {
    line.scratch.git({"worktree", "lock", linked});
    fs::rename(linked, linked + "-moved");
  }
  SECTION("another repository in its place") {
    fs::remove_all(linked);
    fs::create_directories(linked);
    static_cast<void>(ScratchRepository::git_in(linked, {"init", "-q"}));
    line.scratch.write(linked + "/a", "other");
  }
  REQUIRE(line.scratch.try_git({"branch", "-f", "flow", "main"}).exit_status != 0);
  const git::FlowResult result = line.advance();
  CHECK(result.update == git::FlowUpdate::away);
  CHECK(result.worktree == linked);
  CHECK(line.tip() == line.before.hex());
}

TEST_CASE("a branch that two worktrees have checked out does not move", "[advance]") {
  Line line;
  const std::string linked = line.scratch.root() + "/linked";
  line.scratch.git({"checkout", "-q", "flow"});
  line.scratch.git({"worktree", "add", "-q", "-f", linked, "flow"});
  const git::FlowResult result = line.advance();
  CHECK(result.update == git::FlowUpdate::shared);
  CHECK(result.paths == Paths{line.scratch.folder(), linked});
  CHECK(line.tip() == line.before.hex());
}

TEST_CASE("of a symbolic branch the target moves, and who has either checked out follows",
          "[advance]") {
  Line line;
  ScratchRepository& scratch = line.scratch;
  scratch.git({"branch", "-m", "flow", "trunk"});
  scratch.git({"symbolic-ref", kFlow, "refs/heads/trunk"});
  SECTION("nobody") {
    CHECK(line.advance().update == git::FlowUpdate::moved);
    CHECK(scratch.read(scratch.git_dir() + "/refs/heads/flow") == "ref: refs/heads/trunk\n");
  }
  SECTION("by one name or the other") {
    scratch.git({"symbolic-ref", "HEAD", GENERATE("refs/heads/flow", "refs/heads/trunk")});
    scratch.git({"reset", "-q", "--hard"});
    CHECK(line.advance().update == git::FlowUpdate::moved);
    CHECK(scratch.read("a") == "2");
    CHECK(scratch.git({"status", "--porcelain"}).empty());
  }
  SECTION("by another symbolic name") {
    scratch.git({"symbolic-ref", "refs/heads/other", "refs/heads/flow"});
    scratch.git({"symbolic-ref", "HEAD", "refs/heads/other"});
    scratch.git({"reset", "-q", "--hard"});
    scratch.write("a", "mine");
    CHECK(line.advance().update == git::FlowUpdate::blocked);
    CHECK(line.tip() == line.before.hex());
    return;
  }
  CHECK(line.tip() == line.after.hex());
  CHECK(scratch.git({"rev-parse", "trunk"}) == line.after.hex());
}

TEST_CASE("a main worktree that nothing leads to holds the branch that HEAD names", "[advance]") {
  ScratchRepository scratch;
  const std::string top = scratch.root() + "/top";
  const std::string git_dir = scratch.root() + "/store/repo";
  fs::create_directories(scratch.root() + "/store");
  scratch.git({"init", "-q", "-b", "flow", "--separate-git-dir", git_dir, top});
  ScratchRepository::git_in(top, {"commit", "-q", "--allow-empty", "-m", "1"});
  ScratchRepository::git_in(top,
                            {"worktree", "add", "-q", "-b", "new", scratch.root() + "/linked"});
  const std::string linked = scratch.root() + "/linked";
  scratch.write(linked + "/a", "2");
  ScratchRepository::git_in(linked, {"add", "a"});
  ScratchRepository::git_in(linked, {"commit", "-q", "-m", "2"});
  const auto commit = [&](const char* name) {
    return *git::Oid::parse(ScratchRepository::git_in(top, {"rev-parse", name}));
  };
  const git::Oid before = commit("flow");
  const git::Repository from_linked = git::Repository::open(git_dir + "/worktrees/linked");
  const auto advance = [&](const git::Repository& repository) {
    return git::advance_branch(repository, kFlow, before, commit("new"), "go").update;
  };
  CHECK(advance(from_linked) == git::FlowUpdate::unplaced);
  CHECK(commit("flow") == before);
  SECTION("core.worktree tells") {
    ScratchRepository::git_in(top, {"config", "core.worktree", top});
  }
  SECTION("a worktree below it tells") {
    ScratchRepository::git_in(top, {"worktree", "add", "-q", "--detach", "below/one"});
  }
  CHECK(advance(git::Repository::open(git_dir + "/worktrees/linked")) == git::FlowUpdate::moved);
  CHECK(scratch.read(top + "/a") == "2");
  CHECK(ScratchRepository::git_in(top, {"status", "--porcelain", "-uno"}).empty());
}

TEST_CASE("conflicts that nobody has resolved are named, whatever left them", "[advance]") {
  Line line;
  ScratchRepository& scratch = line.scratch;
  scratch.commit_file("b", "base");
  line.before = *git::Oid::parse(scratch.git({"rev-parse", "HEAD"}));
  scratch.git({"branch", "-f", "flow"});
  scratch.git({"checkout", "-q", "flow"});
  auto expected = git::FlowUpdate::busy;
  SECTION("git stash pop") {
    scratch.write("b", "stashed");
    scratch.git({"stash", "-q"});
    line.before = *git::Oid::parse(scratch.commit_file("b", "committed"));
    REQUIRE(scratch.try_git({"stash", "pop"}).exit_status != 0);
    expected = git::FlowUpdate::conflicted;
  }
  SECTION("revert, cherry-pick, am") {
    const std::string one = scratch.commit_file("b", "one");
    const std::string two = scratch.commit_file("b", "two");
    line.before = *git::Oid::parse(two);
    const std::string patch = scratch.git({"format-patch", "-1", one, "-o", scratch.root()});
    const std::vector<std::vector<std::string>> commands{
        {"revert", one}, {"cherry-pick", one}, {"am", "-q", "-3", patch}};
    REQUIRE(scratch.try_git(commands[GENERATE(0U, 1U, 2U)]).exit_status != 0);
  }
  const std::string other = scratch.root() + "/other";
  scratch.git({"worktree", "add", "-q", "--detach", other, line.before.hex()});
  scratch.write(other + "/c", "new");
  ScratchRepository::git_in(other, {"add", "c"});
  ScratchRepository::git_in(other, {"commit", "-q", "-m", "new"});
  line.after = *git::Oid::parse(ScratchRepository::git_in(other, {"rev-parse", "HEAD"}));
  const git::FlowResult result = line.advance();
  CHECK(result.update == expected);
  CHECK(result.worktree == scratch.folder());
  CHECK(result.paths == Paths{"b"});
  CHECK(line.tip() == line.before.hex());
}

TEST_CASE("a rebase, bisect or merge under way keeps the branch busy", "[advance]") {
  Line line;
  ScratchRepository& scratch = line.scratch;
  scratch.git({"checkout", "-q", "flow"});
  SECTION("rebase") {
    scratch.git({"checkout", "-q", "-b", "other"});
    scratch.commit_file("b", "other");
    scratch.git({"checkout", "-q", "flow"});
    scratch.commit_file("b", "flow");
    line.before = *git::Oid::parse(line.tip());
    REQUIRE(scratch.try_git({"rebase", "other"}).exit_status != 0);
  }
  SECTION("bisect") {
    scratch.commit_file("b", "1");
    line.before = *git::Oid::parse(scratch.commit_file("b", "2"));
    scratch.git({"bisect", "start", "HEAD", "HEAD~2"});
  }
  SECTION("merge") {
    scratch.git({"checkout", "-q", "-b", "other"});
    scratch.commit_file("a", "other");
    scratch.git({"checkout", "-q", "flow"});
    scratch.commit_file("a", "flow");
    line.before = *git::Oid::parse(line.tip());
    REQUIRE(scratch.try_git({"merge", "other"}).exit_status == 1);
  }
  const git::FlowResult result = line.advance();
  CHECK(result.update == git::FlowUpdate::busy);
  CHECK(result.worktree == scratch.folder());
  CHECK(line.tip() == line.before.hex());
}

TEST_CASE("no setting for merges made by hand changes what happens", "[advance]") {
  Line line;
  line.scratch.git({"branch", "-m", "flow", "flow=x"});
  line.scratch.git({"checkout", "-q", "flow=x"});
  for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>>{
           {"merge.ff", "false"},
           {"merge.verifySignatures", "true"},
           {"merge.autoStash", "true"},
           {"merge.defaultToUpstream", "true"},
           {"submodule.recurse", "true"},
           {"rebase.autoStash", "true"},
           {"pull.rebase", "true"},
           {"pull.twohead", "ours"},
           {"merge.stat", "true"},
           {"branch.flow=x.mergeOptions", "--no-ff --squash -s ours"},
           {"commit.gpgSign", "true"}}) {
    line.scratch.git({"config", key, value});
  }
  line.scratch.write("untracked", "u");
  const git::FlowResult result =
      git::advance_branch(git::Repository::open(line.scratch.git_dir()), "refs/heads/flow=x",
                          line.before, line.after, "go");
  CHECK(result.update == git::FlowUpdate::moved);
  CHECK(line.scratch.git({"rev-parse", "HEAD"}) == line.after.hex());
  CHECK(line.scratch.git({"status", "--porcelain"}) == "?? untracked");
}

TEST_CASE("post-merge runs in the checkout as git runs it", "[advance]") {
  Line line;
  line.scratch.git({"checkout", "-q", "flow"});
  line.scratch.write_hook("post-merge",
                          "#!/bin/sh\necho \"$1 $GIT_DIR\" >\"$HOME/ran\"; pwd >>\"$HOME/ran\"\n");
  line.scratch.set_environment("GIT_DIR", line.scratch.git_dir());
  line.scratch.set_environment("GIT_INDEX_FILE", "/nowhere");
  CHECK(line.advance().update == git::FlowUpdate::moved);
  CHECK(line.scratch.read(line.scratch.home() + "/ran") == "0 \n" + line.scratch.folder() + "\n");
}

TEST_CASE("another's index.lock is waited for, then the race is lost", "[advance]") {
  Line line;
  line.scratch.git({"checkout", "-q", "flow"});
  const std::string lock = line.scratch.git_dir() + "/index.lock";
  line.scratch.write(lock, "");
  try {
    static_cast<void>(line.advance());
    FAIL("the lock was ignored");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::lost_race);
    CHECK(std::string(error.what()).find(lock) != std::string::npos);
  }
  CHECK(fs::exists(lock));
  CHECK(line.tip() == line.before.hex());
  std::thread releases([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    fs::remove(lock);
  });
  CHECK(line.advance().update == git::FlowUpdate::moved);
  releases.join();
}

TEST_CASE("a hook that refuses the ref update leaves the checkout as it was", "[advance]") {
  FlowCheckout flow;
  flow.scratch.write_hook(
      "reference-transaction",
      "#!/bin/sh\ntest \"$1\" = prepared || exit 0\n! grep -q refs/heads/flow\n");
  const std::string before = flow.looks();
  REQUIRE_THROWS_AS(flow.advance(), Error);
  CHECK(flow.tip() == flow.before);
  CHECK(difference(before, flow.looks()) == "");
  CHECK(flow.leftovers().empty());
}

TEST_CASE("a sparse checkout follows within its cone", "[advance]") {
  Line line;
  line.scratch.git({"checkout", "-q", "flow"});
  line.scratch.commit_file("in/a", "1");
  line.scratch.commit_file("out/a", "1");
  line.before = *git::Oid::parse(line.tip());
  line.scratch.git({"checkout", "-q", "--detach"});
  line.scratch.commit_file("in/a", "2");
  line.scratch.commit_file("out/a", "2");
  line.scratch.commit_file("out/b", "2");
  line.after = *git::Oid::parse(line.scratch.git({"rev-parse", "HEAD"}));
  line.scratch.git({"checkout", "-q", "flow"});
  line.scratch.git(
      {"sparse-checkout", "set", GENERATE("--sparse-index", "--no-sparse-index"), "in"});
  REQUIRE_FALSE(fs::exists(line.scratch.folder() + "/out"));
  CHECK(line.advance().update == git::FlowUpdate::moved);
  CHECK(line.scratch.read("in/a") == "2");
  CHECK_FALSE(fs::exists(line.scratch.folder() + "/out"));
  CHECK(line.scratch.git({"status", "--porcelain"}).empty());
}

TEST_CASE("a repository with its git folder elsewhere follows too", "[advance]") {
  ScratchRepository scratch({"--separate-git-dir=../elsewhere.git"});
  const git::Oid before = *git::Oid::parse(scratch.commit_file("a", "1"));
  scratch.git({"branch", "flow"});
  const git::Oid after = *git::Oid::parse(scratch.commit_file("a", "2"));
  scratch.git({"checkout", "-q", "flow"});
  if (GENERATE(false, true)) {
    scratch.git({"config", "core.worktree", scratch.folder()});
    fs::remove(scratch.folder() + "/.git");
    scratch.set_environment("GIT_DIR", scratch.root() + "/elsewhere.git");
  }
  const git::FlowResult result =
      git::advance_branch(git::Repository::discover(), kFlow, before, after, "go");
  CHECK(result.update == git::FlowUpdate::moved);
  CHECK(scratch.read("a") == "2");
  CHECK(scratch.git({"status", "--porcelain"}).empty());
}

TEST_CASE("processes that race for one step move the checked out branch once", "[advance]") {
  Line line;
  line.scratch.git({"checkout", "-q", "flow"});
  const std::vector<int> results =
      gitplan::testing::fork_all(4, [&](int) { return static_cast<int>(line.advance().update); });
  CHECK(std::ranges::count(results, static_cast<int>(git::FlowUpdate::moved)) >= 1);
  CHECK(std::ranges::all_of(results, [](int result) {
    return result == static_cast<int>(git::FlowUpdate::moved) ||
           result == static_cast<int>(git::FlowUpdate::lost_race);
  }));
  CHECK(line.tip() == line.after.hex());
  CHECK(line.scratch.git({"status", "--porcelain"}).empty());
}
