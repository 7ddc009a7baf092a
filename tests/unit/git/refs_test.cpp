#include "git/refs.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <random>

#include "base/error.hpp"
#include "git/objects.hpp"
#include "git/packed_refs.hpp"
#include "git/repository.hpp"
#include "scratch_repository.hpp"

using gitplan::Error;
using gitplan::ErrorKind;
using gitplan::testing::ScratchRepository;
using namespace gitplan::git;

namespace {

Error refusal(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  FAIL("nothing was refused");
  throw std::logic_error("not reached");
}

/// A repository with commits to point refs at.
struct WithCommits {
  ScratchRepository scratch;
  Oid a = *Oid::parse(scratch.commit_file("f", "1"));
  Oid b = *Oid::parse(scratch.commit_file("f", "2"));
  Repository repository = Repository::discover();

  SwapResult swap(const std::string& name, const std::optional<Oid>& expected, const Oid& desired) {
    return compare_and_swap(repository, name, expected, desired, "test: swap");
  }
};

}  // namespace

TEST_CASE("ref names are valid exactly where git check-ref-format says so") {
  ScratchRepository scratch;
  std::vector<std::string> names{
      "refs/heads/a", "a",         "a/b",      "a//b",       "/a/b",
      "a/b/",         "a/.b",      "a/b.lock", "a.lock/b",   "a/b.",
      "a/b..c",       "a/b@{c",    "a/@",      "@",          "a/b c",
      "a/b~c",        "a/b^c",     "a/b:c",    "a/b?c",      "a/b*c",
      "a/b[c",        "a/b\\c",    "a/b\tc",   "a/-x",       "refs/heads/HEAD",
      "HEAD",         "a/b.lockx", "a/{b}",    "a/b@c",      "a/\xc3\xa9",
      "a/\xff",       "a/$(x)",    "a/;b",     "./a",        "a/..",
      "a/b\x7f",      "..",        ".",        "refs/heads/"};
  std::mt19937 random(7);
  const std::string alphabet = "ab./@{~-_\\ l";
  for (int i = 0; i < 150; ++i) {
    std::string name = "r/";
    for (auto n = random() % 7; n > 0; --n) name += alphabet[random() % alphabet.size()];
    names.push_back(name);
  }
  for (const std::string& name : names) {
    CAPTURE(name);
    const bool by_git = scratch.try_git({"check-ref-format", name}).exit_status == 0;
    CHECK(is_valid_ref_name(name) == (by_git && name.find('\x7f') == std::string::npos));
  }
}

TEST_CASE_METHOD(WithCommits, "a ref reads the same loose, packed and through a symbolic ref") {
  scratch.git({"update-ref", "refs/heads/x", a.hex()});
  scratch.git({"symbolic-ref", "refs/heads/alias", "refs/heads/x"});
  CHECK(read_ref(repository, "refs/heads/x") == a);
  CHECK(read_ref(repository, "refs/heads/alias") == a);
  scratch.git({"pack-refs", "--all", "--prune"});
  REQUIRE_FALSE(std::filesystem::exists(scratch.folder() + "/.git/refs/heads/x"));
  CHECK(read_ref(repository, "refs/heads/x") == a);
  CHECK(read_ref(repository, "refs/heads/alias") == a);
  CHECK(read_ref(repository, "refs/heads/none") == std::nullopt);
  CHECK(read_ref(repository, "refs/heads") == std::nullopt);
  CHECK(read_ref(repository, "refs/heads/x/y") == std::nullopt);
  CHECK(read_ref(repository, "../../etc/passwd") == std::nullopt);
}

TEST_CASE_METHOD(WithCommits, "broken refs are an error to read and left out of lists") {
  scratch.write(".git/refs/heads/empty", "");
  scratch.write(".git/refs/heads/garbage", "hello");
  scratch.write(".git/refs/heads/zero", std::string(40, '0') + "\n");
  scratch.write(".git/refs/heads/evil", "ref: ../../../etc/passwd\n");
  scratch.write(".git/refs/heads/loop", "ref: refs/heads/loop\n");
  scratch.write(".git/refs/heads/alias", "ref: refs/heads/main\n");
  scratch.write(".git/refs/heads/x.lock", b.hex() + "\n");
  REQUIRE(mkfifo((scratch.folder() + "/.git/refs/heads/fifo").c_str(), 0600) == 0);
  for (const char* name : {"empty", "garbage", "zero", "evil", "loop", "fifo"}) {
    CAPTURE(name);
    CHECK_THROWS_AS(read_ref(repository, std::string("refs/heads/") + name), Error);
  }
  CHECK(list_refs(repository, "refs/heads/") == std::vector<Ref>{{"refs/heads/main", b}});
}

TEST_CASE_METHOD(WithCommits, "HEAD tells its branch, a detached commit, or an unborn branch") {
  CHECK(read_head(repository).branch == "refs/heads/main");
  CHECK(read_head(repository).target == b);
  scratch.git({"checkout", "-q", "--detach", a.hex()});
  CHECK(read_head(repository).branch.empty());
  CHECK(read_head(repository).target == a);
  scratch.git({"checkout", "-q", "--orphan", "new"});
  CHECK(read_head(repository).branch == "refs/heads/new");
  CHECK(read_head(repository).target == std::nullopt);
}

TEST_CASE_METHOD(WithCommits, "lists are sorted, complete and limited to the prefix") {
  std::vector<Ref> expected;
  for (int i = 0; i < 40; ++i) {
    const std::string name = "refs/heads/task/" + std::to_string(100 + i) + "-x";
    scratch.git({"update-ref", name, a.hex()});
    expected.push_back({name, a});
    if (i == 20) scratch.git({"pack-refs", "--all"});
  }
  scratch.git({"update-ref", expected[3].name, b.hex()});
  expected[3].target = b;
  scratch.git({"update-ref", "refs/heads/taskmaster", a.hex()});
  scratch.git({"update-ref", "refs/heads/tas", a.hex()});
  scratch.git({"update-ref", "refs/heads/task/900/deep/er", a.hex()});
  expected.push_back({"refs/heads/task/900/deep/er", a});
  CHECK(list_refs(repository, "refs/heads/task/") == expected);
  CHECK(list_refs(repository, "refs/heads/task/103-").size() == 1);
  CHECK(list_refs(repository, "refs/heads/tas").size() == 43);
  CHECK(list_refs(repository, "refs/heads/zzz/").empty());
  CHECK(list_refs(repository, "").size() == 44);
}

TEST_CASE("a ref is found in packed-refs by binary search as by reading every line") {
  std::mt19937 random(3);
  for (int round = 0; round < 60; ++round) {
    std::map<std::string, Oid> refs;
    for (auto n = random() % 40; n > 0; --n) {
      std::string name = "refs/";
      for (auto length = 1 + random() % 9; length > 0; --length) name += "ab/-"[random() % 4];
      refs[name].bytes[0] = static_cast<std::uint8_t>(1 + random() % 255);
    }
    std::string text = "# pack-refs with: peeled fully-peeled sorted \n";
    const bool sorted = round % 3 != 0;
    if (!sorted) text = "# pack-refs with: peeled \n";
    for (const auto& [name, oid] : refs) {
      text += oid.hex() + " " + name + "\n";
      if (random() % 4 == 0) text += "^" + Oid{}.hex() + "\n";
    }
    if (round % 5 == 0) text.pop_back();  // a last line without its end
    const PackedRefs packed = PackedRefs::of_text(text);
    for (const auto& [name, oid] : refs) {
      CHECK(packed.find(name) == oid);
      const bool longer = refs.contains(name + "b");
      CHECK(packed.find(name + "b").has_value() == longer);
    }
    for (const std::string prefix : {"refs/", "refs/a", "refs/b/", "refs/zz", ""}) {
      std::map<std::string, Oid> found;
      packed.for_each(
          prefix, [&](std::string_view name, const Oid& oid) { found[std::string(name)] = oid; });
      std::erase_if(found, [&](const auto& entry) { return !refs.contains(entry.first); });
      std::map<std::string, Oid> wanted = refs;
      std::erase_if(wanted, [&](const auto& entry) { return !entry.first.starts_with(prefix); });
      CHECK(found == wanted);
    }
  }
}

TEST_CASE("a damaged packed-refs is an error and never a crash") {
  std::mt19937 random(11);
  const std::string line = std::string(40, 'a') + " refs/heads/";
  std::string good = "# pack-refs with: peeled fully-peeled sorted \n";
  for (const char* name : {"a", "b", "c", "d", "e"})
    good += line + name + "\n^" + line.substr(0, 40) + "\n";
  for (int i = 0; i < 2000; ++i) {
    std::string text = good;
    for (auto n = 1 + random() % 3; n > 0; --n) {
      const auto at = random() % text.size();
      if (random() % 2 == 0) {
        text[at] = "\n^# a\0"[random() % 6];
      } else {
        text.erase(at, random() % 50);
      }
    }
    const PackedRefs packed = PackedRefs::of_text(text);
    int visited = 0;
    try {
      if (packed.find("refs/heads/c")) ++visited;
      packed.for_each("refs/", [&](std::string_view, const Oid&) { ++visited; });
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::fatal);
    }
    CHECK(visited <= 11);
  }
  const PackedRefs nonsense = PackedRefs::of_text("hello\n");
  CHECK_THROWS_AS(nonsense.find("refs/heads/c"), Error);
}

TEST_CASE_METHOD(WithCommits, "a swap happens only from what was expected") {
  CHECK(swap("refs/heads/x", a, b) == SwapResult::lost_race);  // not there
  CHECK(swap("refs/heads/x", std::nullopt, a) == SwapResult::swapped);
  CHECK(swap("refs/heads/x", std::nullopt, b) == SwapResult::lost_race);
  CHECK(swap("refs/heads/x", b, a) == SwapResult::lost_race);
  CHECK(read_ref(repository, "refs/heads/x") == a);
  scratch.git({"pack-refs", "--all"});
  CHECK(swap("refs/heads/x", std::nullopt, b) == SwapResult::lost_race);
  CHECK(swap("refs/heads/x", a, b) == SwapResult::swapped);
  CHECK(scratch.git({"rev-parse", "x"}) == b.hex());
  CHECK(scratch.is_sound());
}

TEST_CASE_METHOD(WithCommits, "a swap of a symbolic ref moves what it stands for") {
  scratch.git({"symbolic-ref", "refs/heads/flow", "refs/heads/main"});
  CHECK(swap("refs/heads/flow", b, a) == SwapResult::swapped);
  CHECK(scratch.git({"symbolic-ref", "refs/heads/flow"}) == "refs/heads/main");
  CHECK(scratch.git({"rev-parse", "refs/heads/main"}) == a.hex());
}

TEST_CASE_METHOD(WithCommits, "invalid names and missing objects are refused") {
  for (const char* name : {"x", "HEAD", "refs/heads/../x", "refs/heads/x.lock", "refs/heads/a b"}) {
    CHECK_THROWS_AS(swap(name, std::nullopt, a), Error);
  }
  CHECK_THROWS_AS(swap("refs/heads/x", std::nullopt, *Oid::parse(std::string(40, '1'))), Error);
  CHECK_FALSE(std::filesystem::exists(scratch.folder() + "/.git/refs/heads/x.lock"));
}

TEST_CASE_METHOD(WithCommits, "a ref in the way is named, whichever way round, loose or packed") {
  const bool packed = GENERATE(false, true);
  const bool hooked = GENERATE(false, true);
  scratch.git({"branch", "plan"});
  scratch.git({"branch", "task/001-a"});
  if (packed) scratch.git({"pack-refs", "--all"});
  if (hooked) scratch.write_hook("reference-transaction", "#!/bin/sh\n");
  const Error below = refusal([&] { swap("refs/heads/plan/x", std::nullopt, a); });
  CHECK(below.kind() == ErrorKind::wrong_state);
  CHECK(below.messages().front() == "cannot create 'refs/heads/plan/x': 'refs/heads/plan' exists");
  CHECK(below.hints().front().text == "to move it aside, run: git branch -m plan plan-old");
  const Error above = refusal([&] { swap("refs/heads/task", std::nullopt, a); });
  CHECK(above.kind() == ErrorKind::wrong_state);
  CHECK(above.messages().front() ==
        "cannot create 'refs/heads/task': 'refs/heads/task/001-a' exists");
}

TEST_CASE_METHOD(WithCommits,
                 "empty folders that pack-refs or a deletion left are not in the way") {
  scratch.git({"branch", "task/001-a"});
  scratch.git({"pack-refs", "--all"});
  CHECK(delete_ref(repository, "refs/heads/task/001-a", b) == SwapResult::swapped);
  std::filesystem::create_directories(scratch.folder() + "/.git/refs/heads/task/x/y");
  CHECK(swap("refs/heads/task", std::nullopt, a) == SwapResult::swapped);
}

TEST_CASE_METHOD(WithCommits,
                 "the reflog says who moved the ref and why, and is kept as git keeps it") {
  const auto log = [&](const std::string& name) {
    return scratch.try_git({"log", "-g", "--format=%gs|%gn <%ge>", name, "--"}).output;
  };
  const std::string line = "test: swap|Ada Lovelace <ada@example.com>\n";
  const bool hooked = GENERATE(false, true);
  if (hooked) scratch.write_hook("reference-transaction", "#!/bin/sh\n");
  swap("refs/heads/x", std::nullopt, a);
  CHECK(log("x") == line);
  swap("refs/git-plan/x", std::nullopt, a);
  CHECK(log("refs/git-plan/x") == "");
  scratch.set_environment("GIT_CONFIG_COUNT", "1");
  scratch.set_environment("GIT_CONFIG_KEY_0", "core.logAllRefUpdates");
  scratch.set_environment("GIT_CONFIG_VALUE_0", "false");
  repository = Repository::discover();
  swap("refs/heads/y", std::nullopt, a);
  CHECK(log("y") == "");
  swap("refs/heads/x", a, b);
  CHECK(log("x") == line + line);
  scratch.set_environment("GIT_CONFIG_VALUE_0", "always");
  repository = Repository::discover();
  swap("refs/git-plan/y", std::nullopt, a);
  CHECK(log("refs/git-plan/y") == line);
}

TEST_CASE("several refs go at once, but for those that moved, and in any form") {
  const WithCommits with;
  const auto& repository = with.repository;
  for (const char* name : {"refs/heads/x/1", "refs/heads/x/2", "refs/heads/x/3"})
    REQUIRE(compare_and_swap(repository, name, std::nullopt, with.a, "") == SwapResult::swapped);
  with.scratch.git({"pack-refs", "--all"});
  with.scratch.git({"update-ref", "refs/heads/x/2", with.b.hex()});
  const std::vector<Ref> refs{{"refs/heads/x/1", with.a},
                              {"refs/heads/x/2", with.a},
                              {"refs/heads/x/3", with.a},
                              {"refs/heads/x/4", with.a}};
  CHECK(delete_refs(repository, refs) == std::vector<Ref>{refs[0], refs[2]});
  CHECK(list_refs(repository, "refs/heads/x/") == std::vector<Ref>{{"refs/heads/x/2", with.b}});
  CHECK(delete_refs(repository, {}).empty());
  with.scratch.git({"symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"});
  CHECK(symbolic_target(repository, "refs/remotes/origin/HEAD") == "refs/remotes/origin/main");
  CHECK_FALSE(symbolic_target(repository, "refs/heads/x/2"));
  CHECK_FALSE(symbolic_target(repository, "refs/heads/none"));
}

TEST_CASE("a bare repository keeps no reflog unless it is told to") {
  ScratchRepository scratch({"--bare"});
  Repository repository = Repository::discover();
  const Oid tree = tree_with_file(repository, std::nullopt, "a", write_blob(repository, "x"));
  const Oid commit = create_commit(repository, tree, {}, "x");
  CHECK(compare_and_swap(repository, "refs/heads/x", std::nullopt, commit, "x") ==
        SwapResult::swapped);
  CHECK_FALSE(std::filesystem::exists(scratch.folder() + "/logs"));
  scratch.git({"config", "core.logAllRefUpdates", "true"});
  repository = Repository::discover();
  CHECK(compare_and_swap(repository, "refs/heads/y", std::nullopt, commit, "x") ==
        SwapResult::swapped);
  CHECK(std::filesystem::exists(scratch.folder() + "/logs/refs/heads/y"));
}

TEST_CASE_METHOD(WithCommits, "a reference-transaction hook runs, and may refuse") {
  const std::string hooks_path = GENERATE(as<std::string>(), "", "~/my-hooks", "../home/my-hooks");
  const std::string script =
      "#!/bin/sh\nread old new name\necho \"$1 $name\" >>\"$HOME/seen\"\n"
      "case $name in *secret*) echo 'not that one' >&2; exit 1;; esac\n";
  if (!hooks_path.empty()) {
    scratch.write(scratch.home() + "/my-hooks/reference-transaction", script);
    std::filesystem::permissions(scratch.home() + "/my-hooks/reference-transaction",
                                 std::filesystem::perms::owner_all);
    scratch.git({"config", "core.hooksPath", hooks_path});
    std::filesystem::create_directories(scratch.folder() + "/sub/folder");
    scratch.enter(scratch.folder() + "/sub/folder");
    repository = Repository::discover();
  } else {
    scratch.write_hook("reference-transaction", script);
  }
  CHECK(swap("refs/heads/x", std::nullopt, a) == SwapResult::swapped);
  CHECK(scratch.read(scratch.home() + "/seen") ==
        "prepared refs/heads/x\ncommitted refs/heads/x\n");
  CHECK(swap("refs/heads/x", std::nullopt, b) == SwapResult::lost_race);
  const Error error = refusal([&] { swap("refs/heads/secret", std::nullopt, a); });
  CHECK(error.kind() == ErrorKind::fatal);
  CHECK_THAT(error.messages().front(),
             Catch::StartsWith("the reference-transaction hook refuses to move "
                               "'refs/heads/secret': "));
  CHECK(read_ref(repository, "refs/heads/secret") == std::nullopt);
}

TEST_CASE_METHOD(WithCommits, "with very many packed refs everything still works") {
  std::string packed = "# pack-refs with: peeled fully-peeled sorted \n";
  for (int i = 100000; i < 110000; ++i) {
    packed += a.hex() + " refs/heads/many/" + std::to_string(i) + "\n";
  }
  scratch.write(".git/packed-refs", packed);
  CHECK(read_ref(repository, "refs/heads/many/107777") == a);
  CHECK(list_refs(repository, "refs/heads/many/1077").size() == 100);
  CHECK(swap("refs/heads/many/107777", a, b) == SwapResult::swapped);
  CHECK(read_ref(repository, "refs/heads/many/107777") == b);
  CHECK(swap("refs/heads/many/107777", a, b) == SwapResult::lost_race);
  CHECK(delete_ref(repository, "refs/heads/many/107777", b) == SwapResult::swapped);
  CHECK(list_refs(repository, "refs/heads/many/").size() == 9999);
}

TEST_CASE_METHOD(WithCommits, "deleting needs the right value, and what is gone is a lost race") {
  scratch.git({"update-ref", "refs/heads/x", a.hex()});
  CHECK(delete_ref(repository, "refs/heads/x", b) == SwapResult::lost_race);
  CHECK(delete_ref(repository, "refs/heads/x", a) == SwapResult::swapped);
  CHECK(delete_ref(repository, "refs/heads/x", a) == SwapResult::lost_race);
  CHECK(read_ref(repository, "refs/heads/x") == std::nullopt);
  CHECK(read_ref(repository, "refs/heads/main") == b);
}

TEST_CASE_METHOD(WithCommits, "moving a ref is all or nothing") {
  scratch.git({"update-ref", "refs/heads/x", a.hex()});
  scratch.git({"update-ref", "refs/heads/taken", a.hex()});
  const auto move = [&](const char* to, const Oid& value) {
    return move_ref(repository, "refs/heads/x", to, value, "moved");
  };
  CHECK(move("refs/heads/y", b) == SwapResult::lost_race);
  CHECK(move("refs/heads/taken", a) == SwapResult::lost_race);
  CHECK(read_ref(repository, "refs/heads/x") == a);
  CHECK(move("refs/git-plan/attempts/x", a) == SwapResult::swapped);
  CHECK(read_ref(repository, "refs/heads/x") == std::nullopt);
  CHECK(read_ref(repository, "refs/git-plan/attempts/x") == a);
  CHECK(move("refs/heads/y", a) == SwapResult::lost_race);
}
