#include "git/merge.hpp"

#include <catch2/catch.hpp>
#include <csignal>
#include <thread>

#include "base/error.hpp"
#include "git/objects.hpp"
#include "git/process.hpp"
#include "git/repository.hpp"
#include "git/temporary_folder.hpp"
#include "git/worktrees.hpp"
#include "unit/git/forked.hpp"
#include "unit/git/scratch_repository.hpp"

using gitplan::Error;
using gitplan::ErrorKind;
using gitplan::testing::eventually;
using gitplan::testing::fork_process;
using gitplan::testing::ScratchRepository;
using gitplan::testing::wait_for;
namespace fs = std::filesystem;
namespace git = gitplan::git;

namespace {

using Result = std::variant<git::Merged, git::Conflicts>;
using Files = std::vector<std::pair<std::string, std::string>>;

// Branches "main" and "theirs" that start from one commit; an empty content deletes.
class Fork {
 public:
  explicit Fork(const Files& base) {
    change(base, "base");
    scratch.git({"branch", "theirs"});
  }

  void on(const std::string& branch, const Files& files) {
    scratch.git({"checkout", "-q", branch});
    change(files, "on " + branch);
    scratch.git({"checkout", "-q", "main"});
  }

  [[nodiscard]] git::Oid tip(const std::string& branch) const {
    return git::Oid::parse(scratch.git({"rev-parse", branch})).value();
  }

  [[nodiscard]] Result merge(const std::string& message = "Merge theirs\n") const {
    return git::merge_commit(git::Repository::open(git_dir()), tip("main"), tip("theirs"), message);
  }

  // The content of a path in the merge, which must be clean.
  [[nodiscard]] std::string merged(const std::string& path) const {
    const Result result = merge();
    REQUIRE(std::holds_alternative<git::Merged>(result));
    return scratch.git({"--git-dir=" + git_dir(), "cat-file", "blob",
                        std::get<git::Merged>(result).commit.hex() + ":" + path});
  }

  [[nodiscard]] std::vector<std::string> conflicts() const {
    const Result result = merge();
    REQUIRE(std::holds_alternative<git::Conflicts>(result));
    return std::get<git::Conflicts>(result).paths;
  }

  // The same repository without a work tree.
  void make_bare() {
    bare_ = scratch.root() + "/bare.git";
    scratch.git({"clone", "-q", "--bare", scratch.folder(), bare_});
  }

  [[nodiscard]] std::string git_dir() const { return bare_.empty() ? scratch.git_dir() : bare_; }

  ScratchRepository scratch;

 private:
  void change(const Files& files, const std::string& message) {
    for (const auto& [path, content] : files) {
      if (content.empty()) {
        scratch.git({"rm", "-q", path});
      } else {
        scratch.write(path, content);
        scratch.git({"add", "-f", path});
      }
    }
    scratch.git({"commit", "-q", "-m", message});
  }

  std::string bare_;
};

const std::string kLines = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

// What the user sees of a checkout, byte for byte.
std::string looks(const ScratchRepository& scratch) {
  return scratch.git({"status", "--porcelain=v2", "--branch", "--ignored"}) +
         scratch.git({"diff", "HEAD"}) + scratch.git({"for-each-ref"});
}

}  // namespace

TEST_CASE("a clean merge has both parents, the message, and moves nothing", "[merge]") {
  Fork fork(Files{{"a", kLines}});
  fork.on("main", {{"a", "0\n" + kLines}});
  fork.on("theirs", {{"a", kLines + "10\n"}});
  fork.scratch.write("a", "dirty");
  fork.scratch.write("untracked", "u");
  const std::string before = looks(fork.scratch);
  const Result result = fork.merge("Merge it\n\nWith a body\n");
  REQUIRE(std::holds_alternative<git::Merged>(result));
  const git::Oid id = std::get<git::Merged>(result).commit;
  const git::Commit commit = git::read_commit(git::Repository::open(fork.git_dir()), id);
  CHECK(commit.parents == std::vector{fork.tip("main"), fork.tip("theirs")});
  CHECK(commit.message == "Merge it\n\nWith a body\n");
  CHECK(commit.author_name == "Ada Lovelace");
  CHECK(fork.scratch.git({"cat-file", "blob", id.hex() + ":a"}) == "0\n" + kLines + "10");
  CHECK(looks(fork.scratch) == before);
  CHECK(git::list_worktrees(git::Repository::open(fork.git_dir())).size() == 1);
}

TEST_CASE("conflicts of every kind are listed once, sorted", "[merge]") {
  Fork fork(Files{
      {"text", kLines}, {"binary", std::string("\0b", 2)}, {"gone", kLines}, {"z space\n", "1\n"}});
  fork.on("main", {{"text", "ours\n"},
                   {"binary", std::string("\0o", 2)},
                   {"gone", "changed\n"},
                   {"z space\n", "2\n"},
                   {"both", "ours\n"}});
  fork.on("theirs", {{"text", "theirs\n"},
                     {"binary", std::string("\0t", 2)},
                     {"gone", ""},
                     {"z space\n", "3\n"},
                     {"both", "theirs\n"}});
  CHECK(fork.conflicts() ==
        std::vector<std::string>{"binary", "both", "gone", "text", "z space\n"});
}

TEST_CASE("a file added below a renamed folder is a conflict, or moves where git is told so",
          "[merge]") {
  Fork fork(Files{{"old/a", kLines}, {"old/b", kLines + kLines}});
  fork.scratch.git({"mv", "old", "new"});
  fork.scratch.git({"commit", "-q", "-m", "rename"});
  fork.on("theirs", {{"old/c", "added\n"}});
  CHECK(fork.conflicts() == std::vector<std::string>{"new/c"});
  fork.scratch.git({"config", "merge.directoryRenames", "true"});
  CHECK(fork.merged("new/c") == "added");
}

TEST_CASE("the attributes of ours decide, not those of a dirty work tree", "[merge]") {
  const bool bare = GENERATE(false, true);
  Fork fork(
      Files{{"list", "1\n"}, {"deep/er/list", "1\n"}, {".gitattributes", "list merge=union\n"}});
  fork.on("main", {{"list", "1\nours\n"}, {"deep/er/list", "1\nours\n"}});
  fork.on("theirs", {{"list", "1\ntheirs\n"}, {"deep/er/list", "1\ntheirs\n"}});
  SECTION("at the top") {
    fork.scratch.write(".gitattributes", "list merge=binary\n");
    if (bare) fork.make_bare();
    CHECK(fork.merged("deep/er/list") == "1\nours\ntheirs");
  }
  SECTION("in a folder further down") {
    fork.on("main", {{"deep/.gitattributes", "list -merge\n"}});
    if (bare) fork.make_bare();
    CHECK(fork.conflicts() == std::vector<std::string>{"deep/er/list"});
  }
  SECTION("not those of theirs") {
    fork.on("theirs", {{"deep/.gitattributes", "list -merge\n"}});
    if (bare) fork.make_bare();
    CHECK(fork.merged("deep/er/list") == "1\nours\ntheirs");
  }
}

TEST_CASE("a merge driver runs in a checkout of ours, from a bare repository too", "[merge]") {
  const bool bare = GENERATE(false, true);
  Fork fork(Files{{"version", "1\n"}, {".gitattributes", "version merge=newest\n"}});
  fork.on("main", {{"version", "2\n"}, {"tool", "tail -n 1 \"$2\" >\"$1\"\n"}});
  fork.on("theirs", {{"version", "3\n"}});
  fork.scratch.write(fork.scratch.home() + "/.gitconfig",
                     fork.scratch.read(fork.scratch.home() + "/.gitconfig") +
                         "[merge \"newest\"]\n\tdriver = sh ./tool %A %B\n");
  if (bare) fork.make_bare();
  CHECK(fork.merged("version") == "3");
  CHECK(looks(fork.scratch).find(" version") == std::string::npos);
}

TEST_CASE("a merge is signed where commit.gpgSign says so", "[merge]") {
  Fork fork(Files{{"a", kLines}});
  fork.on("main", {{"a", "0\n" + kLines}});
  fork.on("theirs", {{"b", "1\n"}});
  const std::string program = fork.scratch.root() + "/fake-gpg";
  fork.scratch.write(
      program,
      "#!/bin/sh\ncat >/dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\n"
      "printf '%s\\n' '-----BEGIN PGP SIGNATURE-----' fake '-----END PGP SIGNATURE-----'\n");
  fs::permissions(program, fs::perms::owner_all);
  fork.scratch.git({"config", "gpg.program", program});
  fork.scratch.git({"config", "commit.gpgSign", "true"});
  const bool with_hook = GENERATE(false, true);
  if (with_hook) fork.scratch.write_hook("commit-msg", "#!/bin/sh\nexit 0\n");
  const Result result = fork.merge();
  REQUIRE(std::holds_alternative<git::Merged>(result));
  const std::string commit =
      fork.scratch.git({"cat-file", "commit", std::get<git::Merged>(result).commit.hex()});
  CHECK(commit.find("gpgsig -----BEGIN PGP SIGNATURE-----\n fake\n") != std::string::npos);
}

TEST_CASE("commit-msg and prepare-commit-msg see the merge, and may change its message",
          "[merge]") {
  Fork fork(Files{{"a", kLines}});
  fork.on("main", {{"a", "0\n" + kLines}});
  fork.on("theirs", {{"a", kLines + "10\n"}});
  fork.scratch.write_hook("prepare-commit-msg", "#!/bin/sh\necho \"kind: $2\" >>\"$1\"\n");
  fork.scratch.write_hook("commit-msg", "#!/bin/sh\necho 'Reviewed-by: hook' >>\"$1\"\n");
  for (const auto& [key, value] : Files{{"merge.ff", "only"},
                                        {"merge.log", "true"},
                                        {"merge.verifySignatures", "true"},
                                        {"merge.stat", "true"}}) {
    fork.scratch.git({"config", key, value});
  }
  const std::string before = looks(fork.scratch);
  const Result result = fork.merge("# Merge 001\n\nbody\n");
  REQUIRE(std::holds_alternative<git::Merged>(result));
  const git::Commit commit =
      git::read_commit(git::Repository::open(fork.git_dir()), std::get<git::Merged>(result).commit);
  CHECK(commit.message == "# Merge 001\n\nbody\nkind: merge\nReviewed-by: hook\n");
  CHECK(commit.parents == std::vector{fork.tip("main"), fork.tip("theirs")});
  CHECK(looks(fork.scratch) == before);
}

TEST_CASE("with hooks, conflicts are told all the same and the next merge starts clean",
          "[merge]") {
  Fork fork(Files{{"a", "1\n"}, {"b", "1\n"}});
  fork.on("main", {{"a", "2\n"}});
  fork.on("theirs", {{"a", "3\n"}});
  fork.scratch.write_hook("commit-msg", "#!/bin/sh\nexit 0\n");
  CHECK(fork.conflicts() == std::vector<std::string>{"a"});
  CHECK(fork.conflicts() == std::vector<std::string>{"a"});
  fork.on("main", {{"a", "3\n"}});
  CHECK(fork.merged("a") == "3");
}

TEST_CASE("a hook that refuses stops the merge, with its own words", "[merge]") {
  const std::string hook = GENERATE("pre-merge-commit", "commit-msg", "prepare-commit-msg");
  Fork fork(Files{{"a", kLines}});
  fork.on("main", {{"a", "0\n" + kLines}});
  fork.on("theirs", {{"b", "1\n"}});
  fork.scratch.write_hook(hook, "#!/bin/sh\necho 'no ticket in the message' >&2\nexit 1\n");
  const std::string before = looks(fork.scratch);
  try {
    static_cast<void>(fork.merge());
    FAIL("the hook was not asked");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::negative);
    REQUIRE(error.messages().size() == 2);
    CHECK(error.messages()[0].find("refused the merge") != std::string::npos);
    CHECK(error.messages()[1] == "no ticket in the message");
  }
  CHECK(looks(fork.scratch) == before);
  fs::remove(fork.scratch.git_dir() + "/hooks/" + hook);
  CHECK(fork.merged("b") == "1");
}

TEST_CASE("core.hooksPath is honoured, relative to the checkout too", "[merge]") {
  Fork fork(Files{{"a", kLines}});
  fork.on("main", {{"a", "0\n" + kLines},
                   {"tools/hooks/commit-msg", "#!/bin/sh\necho 'By: hook' >>\"$1\"\n"}});
  fork.scratch.git({"update-index", "--chmod=+x", "tools/hooks/commit-msg"});
  fork.scratch.git({"commit", "-q", "-m", "executable"});
  fork.scratch.git({"checkout", "-q", "-f", "main"});
  fork.on("theirs", {{"b", "1\n"}});
  const std::string home_hooks = fork.scratch.home() + "/hooks";
  fork.scratch.write(home_hooks + "/commit-msg", "#!/bin/sh\necho 'By: hook' >>\"$1\"\n");
  fs::permissions(home_hooks + "/commit-msg", fs::perms::owner_all);
  fork.scratch.git(
      {"config", "core.hooksPath", GENERATE("tools/hooks", "./tools/hooks/", "~/hooks")});
  const Result result = fork.merge();
  REQUIRE(std::holds_alternative<git::Merged>(result));
  const git::Commit commit =
      git::read_commit(git::Repository::open(fork.git_dir()), std::get<git::Merged>(result).commit);
  CHECK(commit.message.find("By: hook") != std::string::npos);
}

TEST_CASE("a resolution that rerere remembers is used where git merge runs", "[merge]") {
  Fork fork(Files{{"a", "1\n"}});
  fork.on("main", {{"a", "2\n"}});
  fork.on("theirs", {{"a", "3\n"}});
  fork.scratch.write_hook("commit-msg", "#!/bin/sh\nexit 0\n");
  fork.scratch.git({"config", "rerere.enabled", "true"});
  fork.scratch.git({"config", "rerere.autoUpdate", "true"});
  REQUIRE(fork.scratch.try_git({"merge", "theirs"}).exit_status == 1);
  fork.scratch.write("a", "2 and 3\n");
  fork.scratch.git({"commit", "-q", "-a", "-m", "resolved"});
  fork.scratch.git({"reset", "-q", "--hard", "HEAD^"});
  CHECK(fork.merged("a") == "2 and 3");
}

TEST_CASE("unrelated histories are refused by name", "[merge]") {
  Fork fork(Files{{"a", "1\n"}});
  fork.scratch.git({"checkout", "-q", "--orphan", "other"});
  fork.scratch.git({"commit", "-q", "-m", "other start"});
  fork.scratch.git({"branch", "-f", "theirs", "other"});
  fork.scratch.git({"checkout", "-q", "main"});
  if (GENERATE(false, true)) fork.scratch.write_hook("commit-msg", "#!/bin/sh\nexit 0\n");
  try {
    static_cast<void>(fork.merge());
    FAIL("merged");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::wrong_state);
    CHECK(std::string(error.what()).find("unrelated histories") != std::string::npos);
  }
}

TEST_CASE("a merge leaves no temporary folder behind, and those of the dead are cleared",
          "[merge]") {
  Fork fork(Files{{"a", kLines}});
  fork.on("main", {{"a", "0\n" + kLines}});
  fork.on("theirs", {{"b", "1\n"}});
  const std::string left = fork.scratch.git_dir() + "/git-plan/tmp-2147483000-7-0";
  fork.scratch.write(left + "/x/.gitattributes", "x");
  fork.scratch.write(fork.scratch.git_dir() + "/git-plan/tmp-other/keep", "x");
  CHECK(fork.merged("b") == "1");
  git::clear_temporary_folders(git::Repository::discover());
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(fork.scratch.git_dir() + "/git-plan")) {
    const std::string name = entry.path().filename();
    if (name.starts_with("tmp-")) names.push_back(name);
  }
  CHECK(names == std::vector<std::string>{"tmp-other"});
}
