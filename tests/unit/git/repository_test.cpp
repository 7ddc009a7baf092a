#include "git/repository.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "base/error.hpp"
#include "git/discovery.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "scratch_repository.hpp"

using gitplan::Error;
using gitplan::git::Repository;
using gitplan::testing::ScratchRepository;

namespace {

/// The error that opening throws; fails the test if it opens.
Error refusal() {
  try {
    Repository::discover();
  } catch (const Error& error) {
    return error;
  }
  FAIL("the repository was opened");
  throw std::logic_error("not reached");
}

}  // namespace

TEST_CASE("a repository is found from its top and from a folder deep inside") {
  ScratchRepository scratch;
  std::filesystem::create_directories(scratch.folder() + "/a/b/c");
  for (const std::string folder : {"", "/a/b/c"}) {
    scratch.enter(scratch.folder() + folder);
    const Repository repository = Repository::discover();
    CHECK(repository.git_dir() == scratch.folder() + "/.git");
    CHECK(repository.common_dir() == scratch.folder() + "/.git");
    CHECK(repository.worktree() == scratch.folder());
    CHECK(repository.main_worktree() == scratch.folder());
    CHECK(repository.base_folder() == scratch.folder());
    CHECK_FALSE(repository.is_bare());
  }
}

TEST_CASE("inside .git there is no work tree, yet the main one is known") {
  ScratchRepository scratch;
  for (const std::string folder : {"/.git", "/.git/refs/heads"}) {
    scratch.enter(scratch.folder() + folder);
    const Repository repository = Repository::discover();
    CHECK(repository.git_dir() == scratch.folder() + "/.git");
    CHECK_FALSE(repository.worktree());
    CHECK(repository.main_worktree() == scratch.folder());
    CHECK_FALSE(repository.is_bare());
  }
}

TEST_CASE("a bare repository has no work tree and starts paths at itself") {
  ScratchRepository scratch({"--bare"});
  const Repository repository = Repository::discover();
  CHECK(repository.is_bare());
  CHECK(repository.git_dir() == scratch.folder());
  CHECK_FALSE(repository.worktree());
  CHECK_FALSE(repository.main_worktree());
  CHECK(repository.base_folder() == scratch.folder());
}

TEST_CASE("a linked worktree has its own git folder and shares the rest") {
  ScratchRepository scratch;
  scratch.commit_file("a", "1");
  const std::string linked = scratch.root() + "/linked";
  scratch.git({"worktree", "add", "-q", linked});
  std::filesystem::create_directories(linked + "/sub");
  scratch.enter(linked + "/sub");
  const Repository repository = Repository::discover();
  CHECK(repository.git_dir() == scratch.folder() + "/.git/worktrees/linked");
  CHECK(repository.common_dir() == scratch.folder() + "/.git");
  CHECK(repository.worktree() == linked);
  CHECK(repository.main_worktree() == scratch.folder());

  const Repository again = Repository::open(repository.git_dir());
  CHECK(again.worktree() == linked);
  CHECK(again.main_worktree() == scratch.folder());
}

TEST_CASE("a linked worktree of a bare repository is no reason to invent a main one") {
  ScratchRepository scratch({"--bare"});
  const std::string tree = scratch.git({"hash-object", "-w", "-t", "tree", "/dev/null"});
  const std::string commit = scratch.git({"commit-tree", "-m", "x", tree});
  scratch.git({"branch", "main", commit});
  scratch.git({"worktree", "add", "-q", scratch.root() + "/linked", "main"});
  scratch.enter(scratch.root() + "/linked");
  const Repository repository = Repository::discover();
  CHECK(repository.is_bare());
  CHECK(repository.worktree() == scratch.root() + "/linked");
  CHECK_FALSE(repository.main_worktree());
  CHECK(repository.base_folder() == scratch.folder());
}

TEST_CASE("with a separate git folder the main worktree is found from it and from slots below it") {
  ScratchRepository scratch;
  const std::string top = scratch.root() + "/top";
  const std::string git_dir = scratch.root() + "/elsewhere";
  scratch.git({"init", "-q", "--separate-git-dir", git_dir, top});
  scratch.enter(top);
  const Repository repository = Repository::discover();
  CHECK(repository.git_dir() == git_dir);
  CHECK(repository.main_worktree() == top);
  ScratchRepository::git_in(top, {"commit", "-q", "--allow-empty", "-m", "x"});
  ScratchRepository::git_in(top, {"worktree", "add", "-q", ".worktrees/worker-1"});
  scratch.enter(top + "/.worktrees/worker-1");
  CHECK(Repository::discover().main_worktree() == top);
  CHECK(Repository::discover().base_folder() == top);
}

TEST_CASE("where .git is a link to a folder, the main worktree is found from below it") {
  ScratchRepository scratch;
  scratch.commit_file("a", "1");
  const std::string git_dir = scratch.root() + "/store/repo";
  std::filesystem::create_directories(scratch.root() + "/store");
  std::filesystem::rename(scratch.folder() + "/.git", git_dir);
  std::filesystem::create_symlink("../store/repo", scratch.folder() + "/.git");
  CHECK(Repository::discover().main_worktree() == scratch.folder());
  scratch.git({"worktree", "add", "-q", ".worktrees/worker-1"});
  scratch.git({"worktree", "add", "-q", scratch.root() + "/beside"});
  for (const std::string& folder :
       {scratch.folder() + "/.worktrees/worker-1", scratch.root() + "/beside", git_dir + "/refs"}) {
    scratch.enter(folder);
    CHECK(Repository::discover().main_worktree() == scratch.folder());
  }
}

TEST_CASE("paths in a project folder around a bare repository start at that folder") {
  ScratchRepository scratch;
  scratch.commit_file("a", "1");
  const std::string project = scratch.root() + "/project";
  const std::string name = GENERATE("/.bare", "/.git");
  std::filesystem::create_directories(project);
  scratch.git({"clone", "-q", "--bare", scratch.folder(), project + name});
  if (name == "/.bare") scratch.write(project + "/.git", "gitdir: ./.bare\n");
  ScratchRepository::git_in(project, {"worktree", "add", "-q", "main"});
  for (const std::string& folder : {project, project + "/main", project + name}) {
    scratch.enter(folder);
    const Repository repository = Repository::discover();
    CHECK(repository.is_bare());
    CHECK_FALSE(repository.main_worktree());
    CHECK(repository.base_folder() == project);
  }
}

TEST_CASE("a submodule's main worktree is where core.worktree says") {
  ScratchRepository scratch;
  scratch.commit_file("a", "1");
  const std::string super = scratch.root() + "/super";
  scratch.git({"init", "-q", super});
  ScratchRepository::git_in(super, {"-c", "protocol.file.allow=always", "submodule", "--quiet",
                                    "add", scratch.folder(), "module"});
  scratch.enter(super + "/module");
  const Repository repository = Repository::discover();
  CHECK(repository.git_dir() == super + "/.git/modules/module");
  CHECK(repository.worktree() == super + "/module");
  CHECK(repository.main_worktree() == super + "/module");
  scratch.enter(super + "/.git/modules/module");
  CHECK(Repository::discover().main_worktree() == super + "/module");
}

TEST_CASE("GIT_DIR, also a relative one, decides; the current folder is the work tree then") {
  ScratchRepository scratch;
  scratch.enter(scratch.folder());
  scratch.set_environment("GIT_DIR", ".git");
  CHECK(Repository::discover().git_dir() == scratch.folder() + "/.git");
  CHECK(Repository::discover().worktree() == scratch.folder());
  scratch.enter(scratch.folder() + "/.git");
  scratch.set_environment("GIT_DIR", ".");
  CHECK(Repository::discover().git_dir() == scratch.folder() + "/.git");
  CHECK_FALSE(Repository::discover().worktree());
  CHECK(Repository::discover().main_worktree() == scratch.folder());
  scratch.enter(scratch.root());
  scratch.set_environment("GIT_DIR", "nowhere");
  CHECK(refusal().messages().front() == "not a git repository: 'nowhere'");
}

TEST_CASE("GIT_WORK_TREE names the work tree") {
  ScratchRepository scratch;
  scratch.set_environment("GIT_WORK_TREE", scratch.home());
  CHECK(Repository::discover().worktree() == scratch.home());
  CHECK(Repository::discover().main_worktree() == scratch.folder());
}

TEST_CASE("GIT_COMMON_DIR names the shared folder") {
  ScratchRepository scratch;
  const std::string commit = scratch.commit_file("a", "1");
  const std::string own = scratch.root() + "/own";
  std::filesystem::create_directories(own);
  scratch.write(own + "/HEAD", "ref: refs/heads/main\n");
  scratch.set_environment("GIT_DIR", own);
  scratch.set_environment("GIT_COMMON_DIR", scratch.folder() + "/.git");
  const Repository repository = Repository::discover();
  CHECK(repository.git_dir() == own);
  CHECK(repository.common_dir() == scratch.folder() + "/.git");
  CHECK(gitplan::git::read_head(repository).target->hex() == commit);
}

TEST_CASE("the search stops below GIT_CEILING_DIRECTORIES") {
  ScratchRepository scratch;
  std::filesystem::create_directories(scratch.folder() + "/a/b");
  scratch.enter(scratch.folder() + "/a/b");
  scratch.set_environment("GIT_CEILING_DIRECTORIES", "/nowhere:" + scratch.folder() + "/a/");
  CHECK(refusal().exit_status() == 128);
  scratch.set_environment("GIT_CEILING_DIRECTORIES", scratch.folder());
  CHECK(refusal().exit_status() == 128);
  scratch.set_environment("GIT_CEILING_DIRECTORIES", scratch.root());
  CHECK(Repository::discover().worktree() == scratch.folder());
  // The current folder itself is always looked at.
  scratch.enter(scratch.folder());
  scratch.set_environment("GIT_CEILING_DIRECTORIES", scratch.folder());
  CHECK(Repository::discover().worktree() == scratch.folder());
}

TEST_CASE("no repository is said in git's words, with the way out") {
  ScratchRepository scratch;
  scratch.enter(scratch.root());
  const Error error = refusal();
  CHECK(error.exit_status() == 128);
  CHECK(error.messages().front() ==
        "not a git repository (or any of the parent directories): .git");
  CHECK(error.hints().front().text == "to make one here, run: git init");
}

TEST_CASE("a .git file that leads nowhere, or says nothing, is an error and not passed over") {
  ScratchRepository scratch;
  const std::string inner = scratch.folder() + "/inner";
  scratch.write(inner + "/.git", "gitdir: ../gone\n");
  scratch.enter(inner);
  CHECK(refusal().messages().front() == "not a git repository: '" + scratch.folder() + "/gone'");
  scratch.write(inner + "/.git", "nonsense\n");
  CHECK(refusal().messages().front() == "invalid gitfile format: '" + inner + "/.git'");
}

TEST_CASE("paths in git's files end as they do for git: at line ends, spaces kept, or at a NUL") {
  ScratchRepository scratch;
  const std::string inner = scratch.folder() + "/inner";
  scratch.enter(scratch.folder());
  scratch.write(inner + "/.git", std::string("gitdir: ../.git\0rest\r\n", 22));
  scratch.enter(inner);
  CHECK(gitplan::git::find_git_folder().git_dir == scratch.git_dir());
  scratch.write(scratch.folder() + "/linked/HEAD", "ref: refs/heads/main\n");
  scratch.write(scratch.folder() + "/linked/commondir", "../.git \n");
  std::filesystem::rename(scratch.git_dir(), scratch.folder() + "/.git ");
  scratch.write(inner + "/.git", "gitdir: ../linked\n");
  CHECK(gitplan::git::find_git_folder().common_dir == scratch.folder() + "/.git ");
  scratch.write(scratch.folder() + "/linked/commondir", "\n");
  CHECK_THROWS_AS(gitplan::git::find_git_folder(), Error);
}

TEST_CASE("a HEAD that is a link is one before it leads anywhere") {
  const ScratchRepository scratch;
  std::filesystem::remove(scratch.git_dir() + "/HEAD");
  std::filesystem::create_symlink("refs/heads/main", scratch.git_dir() + "/HEAD");
  CHECK(gitplan::git::find_git_folder().git_dir == scratch.git_dir());
}

TEST_CASE("a path in a message is printable") {
  ScratchRepository scratch;
  scratch.write(scratch.folder() + "/inner/.git", "gitdir: ../\x1b[31m\n");
  scratch.enter(scratch.folder() + "/inner");
  CHECK(refusal().messages().front() ==
        "not a git repository: '" + scratch.folder() + "/\\x1b[31m'");
}

TEST_CASE("a .git folder that is none is passed over, as git does") {
  ScratchRepository scratch;
  std::filesystem::create_directories(scratch.folder() + "/inner/.git");
  scratch.enter(scratch.folder() + "/inner");
  CHECK(Repository::discover().worktree() == scratch.folder());
}

TEST_CASE("what libgit2 cannot read is named") {
  ScratchRepository scratch;
  SECTION("SHA-256") {
    const std::string other = scratch.root() + "/sha256";
    scratch.git({"init", "-q", "--object-format=sha256", other});
    scratch.enter(other);
    CHECK(refusal().messages().front() ==
          "this repository uses SHA-256 objects, which git-plan cannot read (libgit2 1.5)");
  }
  SECTION("reftable") {
    scratch.git({"config", "core.repositoryformatversion", "1"});
    scratch.git({"config", "extensions.refStorage", "reftable"});
    CHECK(refusal().messages().front() ==
          "this repository keeps its refs as 'reftable', which git-plan cannot read (libgit2 1.5)");
  }
  SECTION("format 2") {
    scratch.git({"config", "core.repositoryformatversion", "2"});
    CHECK(refusal().messages().front() ==
          "this repository has format version 2, which git-plan cannot read (libgit2 1.5)");
  }
  SECTION("an extension of the future") {
    scratch.git({"config", "core.repositoryformatversion", "1"});
    scratch.git({"config", "extensions.quantumObjects", "true"});
    CHECK(refusal().messages().front() ==
          "this repository uses the extension 'quantumobjects', which git-plan cannot read "
          "(libgit2 1.5)");
  }
  SECTION("relative worktrees, by a git that does not know them") {
    scratch.git({"config", "core.repositoryformatversion", "1"});
    scratch.git({"config", "extensions.relativeWorktrees", "true"});
    if (scratch.try_git({"rev-parse"}).exit_status != 0) CHECK(refusal().exit_status() == 128);
  }
}

TEST_CASE(
    "worktree config, partial clones and precious objects open, with their objects and refs") {
  ScratchRepository scratch;
  const std::string commit = scratch.commit_file("a", "1");
  scratch.git({"config", "core.repositoryformatversion", "1"});
  scratch.git({"config", "extensions.partialClone", "origin"});
  scratch.git({"config", "extensions.preciousObjects", "true"});
  scratch.git({"config", "extensions.worktreeConfig", "true"});
  const Repository repository = Repository::discover();
  CHECK(gitplan::git::read_ref(repository, "refs/heads/main")->hex() == commit);
  const auto made = gitplan::git::write_blob(repository, "new");
  CHECK(scratch.git({"cat-file", "blob", made.hex()}) == "new");
}

TEST_CASE("config.worktree decides about bareness where the extension is on") {
  ScratchRepository scratch({"--bare"});
  scratch.git({"config", "extensions.worktreeConfig", "true"});
  const std::string tree = scratch.git({"hash-object", "-w", "-t", "tree", "/dev/null"});
  scratch.git({"branch", "main", scratch.git({"commit-tree", "-m", "x", tree})});
  scratch.git({"worktree", "add", "-q", scratch.root() + "/linked", "main"});
  scratch.git({"config", "--unset", "core.bare"});
  scratch.git({"config", "--worktree", "core.bare", "true"});
  CHECK(Repository::discover().is_bare());
  scratch.enter(scratch.root() + "/linked");
  CHECK(Repository::discover().worktree() == scratch.root() + "/linked");
  CHECK(Repository::discover().is_bare());
}

TEST_CASE("a foreign owner is refused with the command that trusts the folder, which then works") {
  if (geteuid() != 0) return;  // only root can give a folder away
  ScratchRepository scratch;
  REQUIRE(lchown(scratch.folder().c_str(), 54321, 54321) == 0);
  const Error error = refusal();
  CHECK(error.exit_status() == 128);
  CHECK(error.messages().front() ==
        "detected dubious ownership in repository at '" + scratch.folder() + "'");
  CHECK(error.hints().front().text ==
        "to trust it, run: git config --global --add safe.directory " + scratch.folder());

  scratch.git({"config", "--global", "--add", "safe.directory", "*"});
  CHECK(Repository::discover().worktree() == scratch.folder());
  scratch.git({"config", "--global", "--unset", "safe.directory"});
  scratch.set_environment("SUDO_UID", "54321");
  CHECK(Repository::discover().worktree() == scratch.folder());
  scratch.set_environment("SUDO_UID", "54322");
  CHECK(refusal().code() == "dubious_ownership");
  // Named explicitly, git trusts it.
  scratch.set_environment("GIT_DIR", scratch.folder() + "/.git");
  CHECK(Repository::discover().git_dir() == scratch.folder() + "/.git");
}

TEST_CASE("safe.bareRepository=explicit is honoured for bare repositories that are only found") {
  ScratchRepository scratch({"--bare"});
  CHECK(Repository::discover().is_bare());
  scratch.git({"config", "--global", "safe.bareRepository", "explicit"});
  CHECK(refusal().exit_status() == 128);
  scratch.set_environment("GIT_DIR", scratch.folder());
  CHECK(Repository::discover().is_bare());
}

TEST_CASE("a repository can be opened by its git folder, and nothing else by that way") {
  ScratchRepository scratch;
  CHECK(Repository::open(scratch.folder() + "/.git").worktree() == scratch.folder());
  CHECK_THROWS_AS(Repository::open(scratch.home()), Error);
  CHECK_THROWS_AS(Repository::open(scratch.root() + "/gone"), Error);
}

TEST_CASE("objects that a hook of receive-pack sees are seen") {
  ScratchRepository scratch;
  const std::string other = scratch.root() + "/other";
  scratch.git({"init", "-q", other});
  scratch.write(scratch.root() + "/text", "quarantined");
  const std::string blob =
      ScratchRepository::git_in(other, {"hash-object", "-w", scratch.root() + "/text"});
  const auto id = gitplan::git::Oid::parse(blob);
  REQUIRE(id);
  CHECK_FALSE(gitplan::git::object_exists(Repository::discover(), *id));
  scratch.set_environment("GIT_ALTERNATE_OBJECT_DIRECTORIES", other + "/.git/objects");
  CHECK(gitplan::git::read_blob(Repository::discover(), *id, "text") == "quarantined");
}
