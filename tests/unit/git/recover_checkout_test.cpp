#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <limits>

#include "base/error.hpp"
#include "git/checkout_journal.hpp"
#include "git/merge.hpp"
#include "git/repair_checkout.hpp"
#include "git/repository.hpp"
#include "unit/git/advance_fixture.hpp"
#include "unit/git/forked.hpp"
#include "unit/git/kill_points.hpp"

using gitplan::Error;
using gitplan::testing::difference;
using gitplan::testing::eventually;
using gitplan::testing::FlowCheckout;
using gitplan::testing::fork_process;
using gitplan::testing::KillPoint;
using gitplan::testing::ScratchRepository;
using gitplan::testing::wait_for;
namespace fs = std::filesystem;
namespace git = gitplan::git;

namespace {

void recover(const FlowCheckout& flow) {
  git::recover_checkout(git::Repository::open(flow.scratch.git_dir()));
}

git::CheckoutJournal journal_of(const FlowCheckout& flow) {
  return {"refs/heads/flow",    flow.before,
          flow.after,           {flow.scratch.folder(), flow.scratch.git_dir()},
          "plan: complete 001", {}};
}

// As if we had been killed: the journal stands, its owner is gone.
void leave_journal(const FlowCheckout& flow) {
  git::write_checkout_journal(git::Repository::open(flow.scratch.git_dir()), journal_of(flow));
}

// How many of the places where a kill can strike a test tries; GITPLAN_KILL_POINTS=100000 tries
// all.
int points_to_try() {
  const char* number = std::getenv("GITPLAN_KILL_POINTS");
  return number != nullptr ? std::atoi(number) : 6;
}

void back_to_start(const FlowCheckout& flow) {
  flow.scratch.git({"read-tree", "-m", "-u", flow.after.hex(), flow.before.hex()});
  flow.scratch.git({"update-ref", "refs/heads/flow", flow.before.hex()});
}

}  // namespace

TEST_CASE("killed anywhere, a fast-forward is undone or done, and can be run again", "[recover]") {
  FlowCheckout flow;
  const std::string at_start = flow.looks();
  REQUIRE(flow.advance().update == git::FlowUpdate::moved);
  const std::string at_end = flow.looks();
  back_to_start(flow);
  KillPoint never(std::numeric_limits<int>::max());
  REQUIRE_FALSE(never.strikes([&] { return static_cast<int>(flow.advance().update); }));
  back_to_start(flow);
  REQUIRE(difference(at_start, flow.looks()) == "");
  const int all = never.calls();
  REQUIRE(all > 40);
  const int points = std::min(points_to_try(), all);
  for (int i = 1; i <= points; ++i) {
    const int point = i * all / points;
    CAPTURE(point, all);
    KillPoint kill_point(point);
    REQUIRE(kill_point.strikes([&] { return static_cast<int>(flow.advance().update); }));
    recover(flow);
    REQUIRE(difference(flow.tip() == flow.after ? at_end : at_start, flow.looks()) == "");
    if (flow.tip() == flow.before) REQUIRE(flow.advance().update == git::FlowUpdate::moved);
    REQUIRE(difference(at_end, flow.looks()) == "");
    REQUIRE(flow.leftovers().empty());
    back_to_start(flow);
  }
  flow.scratch.git({"fsck", "--connectivity-only"});
}

TEST_CASE("recovery itself may be killed and started again", "[recover]") {
  FlowCheckout flow;
  const std::string at_start = flow.looks();
  const auto leave_half_a_tree = [&] {
    flow.scratch.write("changed", "new nnn");
    fs::remove(flow.scratch.folder() + "/gone");
    flow.scratch.write("added/deep/file", "aaaa");
    leave_journal(flow);
  };
  const auto run = [&] {
    recover(flow);
    return 0;
  };
  leave_half_a_tree();
  recover(flow);
  leave_half_a_tree();
  KillPoint never(std::numeric_limits<int>::max());
  REQUIRE_FALSE(never.strikes(run));
  REQUIRE(difference(at_start, flow.looks()) == "");
  const int points = std::min(points_to_try() / 2, never.calls());
  for (int i = 1; i <= points; ++i) {
    leave_half_a_tree();
    const int point = i * never.calls() / points;
    CAPTURE(point);
    KillPoint kill_point(point);
    static_cast<void>(kill_point.strikes(run));
    recover(flow);
    REQUIRE(difference(at_start, flow.looks()) == "");
  }
}

TEST_CASE("half-written and missing files come back, whatever the half", "[recover]") {
  FlowCheckout flow;
  const ScratchRepository& scratch = flow.scratch;
  const std::string at_start = flow.looks();
  const fs::path top = scratch.folder();
  const std::vector<std::pair<std::string, std::function<void()>>> halves = {
      {"a start of the new content", [&] { scratch.write("changed", "new nnnn"); }},
      {"an empty file", [&] { scratch.write("changed", ""); }},
      {"a new file, begun", [&] { scratch.write("added/deep/file", "aaa"); }},
      {"a new file, whole", [&] { scratch.write("added/deep/file", std::string(70000, 'a')); }},
      {"a new folder, empty", [&] { fs::create_directories(top / "added/deep"); }},
      {"a filtered file, begun", [&] { scratch.write("filtered.upper", "SHOUT N"); }},
      {"a file that only the new attributes filter",
       [&] { scratch.write("added.lower", "QUIET\n"); }},
      {"the new attributes, and a file by them",
       [&] {
         scratch.write(".gitattributes", "*.upper filter=upper\n*.lower filter=upper\n");
         scratch.write("filtered.upper", "");
       }},
      {"deletions",
       [&] {
         for (const char* path : {"changed", "gone", "folder", "was-folder", "link", "tool"}) {
           fs::remove_all(top / path);
         }
       }},
      {"a folder that became a file",
       [&] {
         fs::remove_all(top / "was-folder");
         scratch.write("was-folder", "a file");
       }},
      {"a file that became a folder",
       [&] {
         fs::remove(top / "becomes-folder");
         scratch.write("becomes-folder/x", "inside\n");
       }},
      {"a new link",
       [&] {
         fs::remove(top / "link");
         fs::create_symlink("added/empty", top / "link");
       }},
      {"a new executable bit",
       [&] { fs::permissions(top / "tool", fs::perms::owner_exec, fs::perm_options::add); }},
  };
  for (const auto& [name, make] : halves) {
    INFO(name);
    make();
    leave_journal(flow);
    recover(flow);
    CHECK(difference(at_start, flow.looks()) == "");
    CHECK(flow.leftovers().empty());
  }
}

TEST_CASE("content that git did not write is the user's and stays", "[recover]") {
  FlowCheckout flow;
  const fs::path top = flow.scratch.folder();
  flow.scratch.write("changed", "new nnnX");
  fs::remove(top / "gone");
  flow.scratch.write("gone/mine", "a folder now");
  flow.scratch.write("added/deep/file", "mine");
  flow.scratch.write("added.lower", "QUIET\nand more");
  fs::remove(top / "link");
  fs::create_symlink("my/target", top / "link");
  fs::remove_all(top / "folder");
  fs::create_directory_symlink(flow.scratch.home(), top / "folder");
  flow.scratch.write("added/empty", "");
  leave_journal(flow);
  const std::string before = flow.looks();
  recover(flow);
  fs::remove(top / "added/empty");
  CHECK(flow.scratch.read("changed") == "new nnnX");
  CHECK(flow.scratch.read("gone/mine") == "a folder now");
  CHECK(flow.scratch.read("added/deep/file") == "mine");
  CHECK(flow.scratch.read("added.lower") == "QUIET\nand more");
  CHECK(fs::read_symlink(top / "link") == "my/target");
  CHECK(fs::is_symlink(top / "folder"));
  CHECK_FALSE(fs::exists(flow.scratch.home() + "/only"));
  CHECK(flow.leftovers().empty());
}

TEST_CASE("where the user has staged or moved on, recovery keeps to that", "[recover]") {
  FlowCheckout flow;
  SECTION("staged") {
    flow.scratch.write("changed", "mine");
    flow.scratch.git({"add", "changed"});
    flow.scratch.write("changed", "");
    leave_journal(flow);
    recover(flow);
    CHECK(flow.scratch.read("changed").empty());
    CHECK(flow.scratch.git({"cat-file", "blob", ":changed"}) == "mine");
  }
  SECTION("another branch") {
    flow.scratch.git({"stash", "-q", "-u"});
    flow.scratch.git({"checkout", "-q", "-b", "other", flow.after.hex()});
    leave_journal(flow);
    recover(flow);
    CHECK(flow.scratch.git({"status", "--porcelain"}).empty());
    CHECK(flow.scratch.git({"symbolic-ref", "HEAD"}) == "refs/heads/other");
    CHECK(flow.tip() == flow.before);
  }
  SECTION("a worktree that is gone") {
    git::CheckoutJournal journal = journal_of(flow);
    journal.checkout = {flow.scratch.root() + "/gone", flow.scratch.git_dir() + "/worktrees/gone"};
    git::write_checkout_journal(git::Repository::open(flow.scratch.git_dir()), journal);
    const std::string before = flow.looks();
    recover(flow);
    CHECK(difference(before, flow.looks()) == "");
  }
  CHECK(flow.leftovers().empty());
}

TEST_CASE("an index that git had finished takes the branch with it", "[recover]") {
  FlowCheckout flow;
  flow.scratch.git({"status"});  // read-tree trusts the times that the index has
  flow.scratch.git({"read-tree", "-m", "-u", flow.before.hex(), flow.after.hex()});
  leave_journal(flow);
  SECTION("and the reflogs know") {
    recover(flow);
    CHECK(flow.tip() == flow.after);
    for (const char* ref : {"HEAD", "flow"}) {
      CHECK(flow.scratch.git({"reflog", "-1", "--format=%gs", ref}) ==
            "plan: complete 001: Fast-forward");
    }
  }
  SECTION("unless a hook refuses: then all goes back") {
    flow.scratch.write_hook("reference-transaction", "#!/bin/sh\ntest \"$1\" != prepared\n");
    recover(flow);
    CHECK(flow.tip() == flow.before);
    CHECK(flow.scratch.read("gone") == "old gone\n");
  }
  SECTION("a file that was lost since comes back as the new one") {
    fs::remove(flow.scratch.folder() + "/added/deep/file");
    recover(flow);
    CHECK(flow.tip() == flow.after);
    CHECK(flow.scratch.read("added/deep/file") == std::string(70000, 'a'));
  }
  CHECK(flow.scratch.git({"diff", "--name-only"}) == "user-edits\nuser-stages");
  CHECK(flow.scratch.git({"diff", "--cached", "--name-only"}) == "user-adds\nuser-stages");
  CHECK(flow.leftovers().empty());
}

TEST_CASE("a git that outlives its killed parent is waited for", "[recover]") {
  FlowCheckout flow;
  const std::string begun = flow.scratch.root() + "/begun";
  flow.scratch.git(
      {"config", "filter.upper.smudge", "echo x >>" + begun + "; sleep 0.3; tr a-z A-Z"});
  const pid_t owner = fork_process([&] { return static_cast<int>(flow.advance().update); });
  REQUIRE(eventually([&] { return fs::exists(begun); }));
  kill(owner, SIGKILL);
  wait_for(owner);
  CHECK(fs::exists(flow.scratch.git_dir() + "/git-plan/checkout-journal"));
  recover(flow);
  CHECK(flow.tip() == flow.after);
  CHECK(flow.scratch.read("filtered.upper") == "SHOUT NEW\n");
  CHECK(flow.scratch.git({"diff", "--name-only"}) == "user-edits\nuser-stages");
  CHECK(flow.leftovers().empty());
}

TEST_CASE("a git that is killed while we live is cleared up after at once", "[recover]") {
  FlowCheckout flow;
  const std::string at_start = flow.looks();
  flow.scratch.git(
      {"config", "filter.upper.smudge", "test -f added/deep/file && kill -9 $PPID; tr a-z A-Z"});
  REQUIRE_THROWS_AS(flow.advance(), Error);
  flow.scratch.git({"config", "filter.upper.smudge", "tr a-z A-Z"});
  CHECK(difference(at_start, flow.looks()) == "");
  CHECK(flow.leftovers().empty());
  CHECK(flow.advance().update == git::FlowUpdate::moved);
}

TEST_CASE("a lock that a killed git does not leave is somebody else's and stays", "[recover]") {
  FlowCheckout flow;
  flow.scratch.write_hook("post-merge",
                          "#!/bin/sh\necho theirs >\"$(git rev-parse --git-path index.lock)\"\n"
                          "kill -9 $PPID\n");
  CHECK(flow.advance().update == git::FlowUpdate::moved);
  CHECK(flow.scratch.read(".git/index.lock") == "theirs\n");
}

TEST_CASE("a journal that was not written whole means that nothing had begun", "[recover]") {
  FlowCheckout flow;
  const std::string at_start = flow.looks();
  leave_journal(flow);
  const std::string path = flow.scratch.git_dir() + "/git-plan/checkout-journal";
  const std::string whole = flow.scratch.read(path);
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    flow.scratch.write(path, whole.substr(0, length));
    recover(flow);
    CHECK_FALSE(fs::exists(path));
  }
  CHECK(difference(at_start, flow.looks()) == "");
}

TEST_CASE("a journal keeps odd names and every program", "[recover]") {
  FlowCheckout flow;
  const git::Repository repository = git::Repository::open(flow.scratch.git_dir());
  git::CheckoutJournal journal = journal_of(flow);
  journal.checkout.path = "/a folder\nwith (all) \xff";
  const gitplan::Fd file = git::write_checkout_journal(repository, journal);
  const std::string line =
      "4242 (a ) name\n) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 987654 20 21\n";
  REQUIRE(write(file.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size()));
  const auto again = git::read_checkout_journal(repository);
  REQUIRE(again);
  CHECK(again->branch == journal.branch);
  CHECK(again->before == journal.before);
  CHECK(again->after == journal.after);
  CHECK(again->checkout.path == journal.checkout.path);
  CHECK(again->checkout.admin_folder == journal.checkout.admin_folder);
  CHECK(again->reflog_message == journal.reflog_message);
}
