#include "git/objects.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>

#include "base/error.hpp"
#include "forked.hpp"
#include "git/refs.hpp"
#include "git/repository.hpp"
#include "scratch_repository.hpp"

using gitplan::Error;
using gitplan::testing::ScratchRepository;
using namespace gitplan::git;

namespace {

Oid id(const std::string& hex) {
  const auto oid = Oid::parse(hex);
  if (!oid) throw std::runtime_error("no object id: " + hex);
  return *oid;
}

std::string complaint_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.messages().front();
  }
  return "no error";
}

}  // namespace

TEST_CASE("what is written in process is what git reads, and passes fsck") {
  ScratchRepository scratch;
  const Repository repository = Repository::discover();
  const Oid blob = write_blob(repository, "format = 1\n");
  Oid tree = tree_with_file(repository, std::nullopt, "plan.toml", blob);
  tree = tree_with_file(repository, tree, ".plan/session-1/001-a.toml", blob);
  tree = tree_with_file(repository, tree, ".plan/session-1/002-b.toml", blob);
  const Oid commit = create_commit(repository, tree, {}, "Create plan\n\nWith a body");
  CHECK(scratch.git({"cat-file", "blob", blob.hex()}) == "format = 1");
  CHECK(scratch.git({"ls-tree", "-r", "--name-only", commit.hex()}) ==
        ".plan/session-1/001-a.toml\n.plan/session-1/002-b.toml\nplan.toml");
  CHECK(scratch.git({"log", "-1", "--format=%an <%ae> %cn <%ce> %B", commit.hex()}) ==
        "Ada Lovelace <ada@example.com> Ada Lovelace <ada@example.com> Create plan\n\n"
        "With a body");
  scratch.git({"update-ref", "refs/heads/plan/x", commit.hex()});
  CHECK(scratch.is_sound());
}

TEST_CASE("a tree that git reads is read, though libgit2 refuses it") {
  ScratchRepository scratch;
  const Repository repository = Repository::discover();
  const Oid blob = write_blob(repository, "1");
  const std::string raw_id(reinterpret_cast<const char*>(blob.bytes.data()), 20);
  const auto tree_of_text = [&](const std::string& content) {
    std::ofstream("odd-tree") << content;
    return id(scratch.git({"hash-object", "-t", "tree", "-w", "--literally", "odd-tree"}));
  };
  const Oid odd = tree_of_text(std::string("100664 b\0", 9) + raw_id +
                               std::string("77777777777777 x\0", 17) + raw_id);
  CHECK(scratch.git({"ls-tree", odd.hex()}) ==
        "100644 blob " + blob.hex() + "\tb\n160000 commit " + blob.hex() + "\tx");
  CHECK(list_tree(repository, odd).size() == 2);
  CHECK(entry_at(repository, odd, "b")->is_regular_file());
  CHECK(entry_at(repository, odd, "x")->mode == 0160000);
  CHECK_FALSE(entry_at(repository, odd, "x/y"));
  CHECK(compare_names(repository, std::nullopt, odd).added.size() == 2);
  // What git calls corrupt, is.
  const Oid nameless = tree_of_text(std::string("100644 \0", 8) + raw_id);
  CHECK(complaint_of([&] { list_tree(repository, nameless); }).starts_with("cannot read tree"));
  const Oid cut = tree_of_text(std::string("77777777777777 x\0", 17) + raw_id.substr(1));
  CHECK(complaint_of([&] { list_tree(repository, cut); }).starts_with("cannot read tree"));
}

TEST_CASE("a commit that git reads is read, though libgit2 refuses it") {
  ScratchRepository scratch;
  const Repository repository = Repository::discover();
  scratch.git({"commit", "-q", "--allow-empty", "-m", "First"});
  const std::string tree = scratch.git({"rev-parse", "HEAD^{tree}"});
  const std::string parent = scratch.git({"rev-parse", "HEAD"});
  std::ofstream("odd-commit") << "tree " << tree << "\nparent " << parent
                              << "\nauthor nobody\ncommitter C <c@d> 7 +0000\n\nOdd\n\nvery\n";
  const Commit odd = read_commit(
      repository,
      id(scratch.git({"hash-object", "-t", "commit", "-w", "--literally", "odd-commit"})));
  CHECK(odd.tree == id(tree));
  CHECK(odd.parents == std::vector<Oid>{id(parent)});
  CHECK(odd.subject() == "Odd");
  CHECK(odd.committer_time == 7);
  CHECK(odd.author_time == 0);
  const Oid blob = write_blob(repository, "1");
  CHECK(complaint_of([&] { read_commit(repository, blob); }).starts_with("cannot read commit"));
}

TEST_CASE("two trees are compared by the names in them") {
  ScratchRepository scratch;
  const Repository repository = Repository::discover();
  const Oid blob = write_blob(repository, "1");
  const auto tree_of_names = [&](const std::vector<std::string>& names) {
    std::optional<Oid> tree;
    for (const auto& name : names) tree = tree_with_file(repository, tree, name, blob);
    return tree;
  };
  const auto names = [](const std::vector<TreeEntry>& entries) {
    std::string all;
    for (const auto& entry : entries) all += entry.name + " ";
    return all;
  };
  const auto difference = compare_names(repository, tree_of_names({"a", "c", "d", "x/y"}),
                                        tree_of_names({"b", "c", "x", "z"}));
  CHECK(names(difference.added) == "b z ");
  CHECK(names(difference.removed) == "a d ");
  CHECK(names(compare_names(repository, std::nullopt, tree_of_names({"a"})).added) == "a ");
  CHECK(names(compare_names(repository, tree_of_names({"a"}), std::nullopt).removed) == "a ");
}

TEST_CASE("a tree keeps its other entries, modes and order when a file is put into it") {
  ScratchRepository scratch;
  scratch.write("b/script", "#!/bin/sh\n");
  scratch.git({"add", "."});
  scratch.git({"update-index", "--chmod=+x", "b/script"});
  scratch.commit_file("b.c", "x");
  const Repository repository = Repository::discover();
  const Oid before = tree_of(repository, *read_head(repository).target);
  const Oid after = tree_with_file(repository, before, "b/new", write_blob(repository, "new"));
  scratch.write("b/new", "new");
  scratch.git({"add", "b/new"});
  CHECK(after.hex() == scratch.git({"write-tree"}));
}

TEST_CASE("an entry on the way that is no folder refuses a file below it") {
  ScratchRepository scratch;
  std::filesystem::create_symlink("/etc", scratch.folder() + "/link");
  scratch.write("file", "x");
  scratch.write("folder/x", "x");
  scratch.git({"add", "."});
  scratch.git({"commit", "-q", "-m", "x"});
  scratch.git({"update-index", "--add", "--cacheinfo",
               "160000," + scratch.git({"rev-parse", "HEAD"}) + ",module"});
  scratch.git({"commit", "-q", "-m", "x"});
  const Repository repository = Repository::discover();
  const Oid tree = tree_of(repository, *read_head(repository).target);
  const Oid blob = write_blob(repository, "y");
  const auto put = [&](const char* path) {
    return complaint_of([&] { tree_with_file(repository, tree, path, blob); });
  };
  CHECK(put("link/passwd") == "cannot write 'link/passwd': 'link' is a symbolic link");
  CHECK(put("link") == "cannot write 'link': 'link' is a symbolic link");
  CHECK(put("file/x") == "cannot write 'file/x': 'file' is a file");
  CHECK(put("folder") == "cannot write 'folder': 'folder' is a folder");
  CHECK(put("module/x") == "cannot write 'module/x': 'module' is a submodule");
  for (const char* path : {"", "a//b", "../x", "a/../b", "./x", ".git/config", "a/"}) {
    CAPTURE(path);
    CHECK(put(path) != "no error");
  }
}

TEST_CASE("entry_at finds what is there and follows no link") {
  ScratchRepository scratch;
  std::filesystem::create_symlink("a", scratch.folder() + "/link");
  scratch.write("a/b/c", "text");
  scratch.git({"add", "."});
  scratch.git({"commit", "-q", "-m", "x"});
  const Repository repository = Repository::discover();
  const Oid tree = tree_of(repository, *read_head(repository).target);
  const auto file = entry_at(repository, tree, "a/b/c");
  REQUIRE(file);
  CHECK(file->is_regular_file());
  CHECK(file->name == "c");
  CHECK(read_blob(repository, file->oid, "c") == "text");
  CHECK(entry_at(repository, tree, "a/b")->is_tree());
  CHECK(entry_at(repository, tree, "link")->is_symlink());
  for (const char* path : {"x", "a/x", "a/b/c/d", "link/b/c", "", "a//b", "../a"}) {
    CAPTURE(path);
    CHECK_FALSE(entry_at(repository, tree, path));
  }
  CHECK(list_tree(repository, tree).size() == 2);
  const Oid empty = id("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
  CHECK(list_tree(repository, empty).empty());
  CHECK_FALSE(entry_at(repository, empty, "a"));
}

TEST_CASE("reading names what is missing, too large or of another kind") {
  ScratchRepository scratch;
  const Oid commit = id(scratch.commit_file("a", "12345"));
  const Repository repository = Repository::discover();
  const Oid tree = tree_of(repository, commit);
  const Oid blob = entry_at(repository, tree, "a")->oid;
  const Oid missing = id(std::string(40, '1'));
  CHECK(read_blob(repository, blob, "a", 5) == "12345");
  CHECK(complaint_of([&] { read_blob(repository, blob, "a", 4); }) ==
        "'a' is too large: 5 bytes, at most 4 are read");
  CHECK(complaint_of([&] { read_blob(repository, tree, "a"); }) == "'a' is a tree, not a file");
  CHECK_THROWS_AS(read_blob(repository, missing, "a"), Error);
  CHECK_THROWS_AS(read_commit(repository, missing), Error);
  CHECK_THROWS_AS(read_commit(repository, tree), Error);
  CHECK_THROWS_AS(list_tree(repository, commit), Error);
  CHECK(object_exists(repository, blob));
  CHECK_FALSE(object_exists(repository, missing));
}

TEST_CASE("a commit reads back as it was made") {
  ScratchRepository scratch;
  scratch.set_environment("GIT_PLAN_TEST_DATE", "1700000000");
  const Oid first = id(scratch.commit_file("a", "1"));
  const Repository repository = Repository::discover();
  const std::vector<Oid> parents{first};
  const Oid made =
      create_commit(repository, tree_of(repository, first), parents, "Subject\n\nbody\n");
  const Commit commit = read_commit(repository, made);
  CHECK(commit.parents == parents);
  CHECK(commit.subject() == "Subject");
  CHECK(commit.message == "Subject\n\nbody\n");
  CHECK(commit.author_name == "Ada Lovelace");
  CHECK(commit.author_email == "ada@example.com");
  CHECK(commit.author_time == 1700000000);
  CHECK(commit.committer_time == 1700000000);
  CHECK_THROWS_AS(create_commit(repository, commit.tree, {}, std::string_view("a\0b", 3)), Error);
}

TEST_CASE("the committer is the one that git itself would use") {
  ScratchRepository scratch;
  const auto committer = [] { return committer_name(Repository::discover()); };
  SECTION("names are stripped as git strips them, so that no header can be smuggled in") {
    scratch.git({"config", "user.name", "x\nencoding evil <y>\nfoo."});
    scratch.git({"config", "user.email", "<a@b>\n"});
    CHECK(committer() == "xencoding evil yfoo <a@b>");
    const Repository repository = Repository::discover();
    const Oid tree = tree_with_file(repository, std::nullopt, "a", write_blob(repository, "x"));
    const Oid commit = create_commit(repository, tree, {}, "x");
    scratch.git({"update-ref", "refs/heads/x", commit.hex()});
    CHECK(scratch.is_sound());
    CHECK(scratch.git({"log", "-1", "--format=%cn <%ce>", commit.hex()}) == committer());
  }
  SECTION("environment variables win, dates too") {
    scratch.set_environment("GIT_COMMITTER_NAME", "Grace");
    scratch.set_environment("GIT_COMMITTER_DATE", "2005-04-07T22:13:13+0200");
    scratch.set_environment("GIT_AUTHOR_NAME", "Alan");
    CHECK(committer() == "Grace <ada@example.com>");
    const Repository repository = Repository::discover();
    const Oid tree = tree_with_file(repository, std::nullopt, "a", write_blob(repository, "x"));
    const Oid commit = create_commit(repository, tree, {}, "x");
    CHECK(scratch.git({"log", "-1", "--format=%an|%cn|%ct", commit.hex()}) ==
          "Alan|Grace|1112904793");
  }
  SECTION("committer.name of the config counts") {
    scratch.git({"config", "committer.name", "Bot"});
    CHECK(committer() == "Bot <ada@example.com>");
  }
  SECTION("-c settings count") {
    scratch.set_environment("GIT_CONFIG_COUNT", "1");
    scratch.set_environment("GIT_CONFIG_KEY_0", "user.name");
    scratch.set_environment("GIT_CONFIG_VALUE_0", "Count");
    CHECK(committer() == "Count <ada@example.com>");
  }
}

TEST_CASE("without an identity the commands that set one are named") {
  ScratchRepository scratch;
  scratch.git({"config", "--global", "--unset", "user.name"});
  scratch.git({"config", "--global", "--unset", "user.email"});
  scratch.git({"config", "--global", "user.useConfigOnly", "true"});
  const Repository repository = Repository::discover();
  try {
    create_commit(repository, id("4b825dc642cb6eb9a060e54bf8d69288fbee4904"), {}, "x");
    FAIL("a commit by nobody");
  } catch (const Error& error) {
    CHECK(error.exit_status() == 128);
    CHECK_THAT(error.messages().front(), Catch::StartsWith("author identity unknown"));
    REQUIRE(error.hints().size() == 2);
    CHECK(error.hints()[0].text == "to set your name, run: git config --global user.name '<name>'");
  }
}

TEST_CASE("commit.gpgSign signs metadata commits") {
  ScratchRepository scratch;
  const std::string key = scratch.root() + "/key";
  if (gitplan::testing::run_words({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key}, "/")
          .exit_status != 0) {
    return;  // no ssh-keygen here to make a key with
  }
  scratch.git({"config", "gpg.format", "ssh"});
  scratch.git({"config", "user.signingKey", key});
  scratch.git({"config", "commit.gpgSign", "true"});
  const Repository repository = Repository::discover();
  const Oid tree = tree_with_file(repository, std::nullopt, "a", write_blob(repository, "x"));
  const Oid first = create_commit(repository, tree, {}, "-m looks like an option");
  const std::vector<Oid> parents{first};
  const Oid second = create_commit(repository, tree, parents, "x");
  CHECK_THAT(scratch.git({"cat-file", "commit", second.hex()}),
             Catch::Contains("gpgsig -----BEGIN SSH SIGNATURE-----"));
  CHECK(read_commit(repository, first).subject() == "-m looks like an option");
  CHECK(read_commit(repository, second).parents == parents);
}

TEST_CASE("ancestors, commits ahead and merge bases are git's") {
  ScratchRepository scratch;
  const Oid a = id(scratch.commit_file("f", "1"));
  const Oid b = id(scratch.commit_file("f", "2"));
  scratch.git({"checkout", "-q", "-b", "side", a.hex()});
  const Oid c = id(scratch.commit_file("g", "1"));
  const Oid d = id(scratch.commit_file("g", "2"));
  scratch.git({"checkout", "-q", "--orphan", "other"});
  const Oid e = id(scratch.commit_file("h", "1"));
  const Repository repository = Repository::discover();
  CHECK(is_ancestor(repository, a, a));
  CHECK(is_ancestor(repository, a, d));
  CHECK_FALSE(is_ancestor(repository, d, a));
  CHECK_FALSE(is_ancestor(repository, b, d));
  CHECK(commits_ahead(repository, b, d) == 2);
  CHECK(commits_ahead(repository, d, d) == 0);
  CHECK(commits_ahead(repository, d, a) == 0);
  CHECK(commits_ahead(repository, b, d, 1) == 1);
  CHECK(commits_between(repository, b, d) == std::vector<Oid>{d, c});
  CHECK(merge_base(repository, b, d) == a);
  CHECK(merge_base(repository, b, e) == std::nullopt);
  const Oid missing = id(std::string(40, '1'));
  CHECK_THROWS_AS(is_ancestor(repository, missing, a), Error);
  CHECK_THROWS_AS(commits_ahead(repository, missing, a), Error);
  CHECK_THROWS_AS(merge_base(repository, missing, a), Error);
}

TEST_CASE("a shallow clone's history ends where it was cut") {
  ScratchRepository scratch;
  for (const char* text : {"1", "2", "3", "4"}) scratch.commit_file("f", text);
  const std::string clone = scratch.root() + "/clone";
  scratch.git({"clone", "-q", "--depth=2", "file://" + scratch.folder(), clone});
  scratch.enter(clone);
  const Repository repository = Repository::discover();
  const Oid tip = *read_head(repository).target;
  const Commit last = read_commit(repository, tip);
  REQUIRE(last.parents.size() == 1);
  CHECK(read_commit(repository, last.parents.front()).parents.empty());
  CHECK(is_ancestor(repository, last.parents.front(), tip));
  CHECK_FALSE(is_ancestor(repository, tip, last.parents.front()));
  const Oid orphan = create_commit(repository, last.tree, {}, "unrelated");
  CHECK(commits_ahead(repository, orphan, tip) == 2);
  CHECK(commits_between(repository, orphan, tip) == std::vector<Oid>{tip, last.parents.front()});
  CHECK(merge_base(repository, orphan, tip) == std::nullopt);
}

TEST_CASE("a partial clone fetches what it lacks when it is read") {
  ScratchRepository scratch;
  scratch.git({"config", "uploadpack.allowFilter", "true"});
  scratch.git({"config", "uploadpack.allowAnySHA1InWant", "true"});
  scratch.commit_file("folder/f", "lazy");
  const std::string clone = scratch.root() + "/clone";
  scratch.git(
      {"clone", "-q", "--no-checkout", "--filter=tree:0", "file://" + scratch.folder(), clone});
  scratch.enter(clone);
  const Repository repository = Repository::discover();
  const Oid tree = tree_of(repository, *read_head(repository).target);
  CHECK_FALSE(object_exists(repository, tree));
  const auto entry = entry_at(repository, tree, "folder/f");
  REQUIRE(entry);
  CHECK(read_blob(repository, entry->oid, "f") == "lazy");
}

TEST_CASE("what git prune deletes between writing and moving the ref comes back") {
  ScratchRepository scratch;
  scratch.commit_file("a", "1");
  const Repository repository = Repository::discover();
  const Oid blob = write_blob(repository, "plan");
  const Oid tree = tree_with_file(repository, std::nullopt, ".plan/s/a.toml", blob);
  const Oid commit = create_commit(repository, tree, {}, "x");
  const auto prune = [&] {
    scratch.git({"prune", "--expire=now"});
    REQUIRE(scratch.try_git({"cat-file", "-e", commit.hex()}).exit_status != 0);
  };
  SECTION("before: the swap writes it again") {
    prune();
    CHECK(compare_and_swap(repository, "refs/heads/x", std::nullopt, commit, "x") ==
          SwapResult::swapped);
  }
  SECTION("after, by a gc that started before: healing does") {
    prune();
    heal_after_gc(repository);
    scratch.git({"update-ref", "refs/heads/x", commit.hex()});
  }
  CHECK(scratch.is_sound());
  CHECK(scratch.git({"show", "x:.plan/s/a.toml"}) == "plan");
}

TEST_CASE("healing waits for a gc that runs, but not for ever, and forgets nothing meanwhile") {
  ScratchRepository scratch;
  const Repository repository = Repository::discover();
  const Oid blob = write_blob(repository, "plan");
  scratch.write(".git/gc.pid", "1 host");
  const auto start = std::chrono::steady_clock::now();
  const pid_t gc = gitplan::testing::fork_process([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    scratch.git({"prune", "--expire=now"});
    std::filesystem::remove(scratch.folder() + "/.git/gc.pid");
    return 0;
  });
  heal_after_gc(repository);
  CHECK(gitplan::testing::wait_for(gc) == 0);
  CHECK(std::chrono::steady_clock::now() - start > std::chrono::milliseconds(150));
  CHECK(scratch.git({"cat-file", "blob", blob.hex()}) == "plan");
}

TEST_CASE("a gc that leaves new objects alone, or was killed, is not waited for") {
  ScratchRepository scratch;
  const Repository repository = Repository::discover();
  write_blob(repository, "plan");
  const std::string host = gitplan::testing::run_words({"hostname"}, "/").output;
  const pid_t gc = gitplan::testing::fork_process([] {
    execlp("sh", "sh", "-c", "sleep 20; true", "git", "gc", "--quiet", nullptr);
    return 1;
  });
  scratch.write(".git/gc.pid", std::to_string(gc) + " " + host);
  REQUIRE(gitplan::testing::eventually(
      [&] { return scratch.read("/proc/" + std::to_string(gc) + "/cmdline").starts_with("sh"); }));
  const auto start = std::chrono::steady_clock::now();
  heal_after_gc(repository);
  kill(gc, SIGKILL);
  gitplan::testing::wait_for(gc);
  write_blob(repository, "another");
  heal_after_gc(repository);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::milliseconds(1500));
}
