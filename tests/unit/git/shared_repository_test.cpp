#include "git/shared_repository.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "git/process.hpp"
#include "unit/git/scratch_repository.hpp"

using gitplan::Error;
using gitplan::share_files;
using gitplan::Sharing;
using gitplan::testing::ScratchRepository;
namespace git = gitplan::git;

namespace {

mode_t mode_of(const std::string& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 0777U;
}

}  // namespace

TEST_CASE("core.sharedRepository means what git takes it for", "[sharing]") {
  CHECK(git::parse_sharing("umask")->files == 0);
  CHECK(git::parse_sharing("0")->files == 0);
  CHECK(git::parse_sharing("group")->files == 0660);
  CHECK(git::parse_sharing("1")->files == 0660);
  for (const char* word : {"all", "world", "everybody", "2"})
    CHECK(git::parse_sharing(word)->files == 0664);
  CHECK(git::parse_sharing("0640")->files == 0640);
  CHECK(git::parse_sharing("0640")->is_exact);
  CHECK_FALSE(git::parse_sharing("group")->is_exact);
  CHECK_FALSE(git::parse_sharing("true"));
  CHECK_THROWS_AS(git::parse_sharing("0060"), Error);
}

TEST_CASE("what we make is shared, what a program makes is as its user's umask says", "[sharing]") {
  const ScratchRepository scratch;
  const mode_t usual = 0777U & ~gitplan::users_umask();
  share_files({0660, false});
  gitplan::make_folders("shared/deep");
  gitplan::write_file_atomically("shared/file", "");
  git::Command command;
  command.arguments = {"mkdir", "theirs"};
  CHECK(git::run_program(command).ok());
  {
    const gitplan::AsTheUser as_the_user;
    gitplan::make_folders("users");
  }
  CHECK(gitplan::private_file_mode() == 0660);
  share_files({0640, true});
  gitplan::make_folders("exact");
  share_files({});
  gitplan::make_folders("usual");
  CHECK(mode_of("shared/deep") == (usual | 0770U));
  CHECK(mode_of("shared/file") == ((usual & 0666U) | 0660U));
  CHECK(mode_of("theirs") == usual);
  CHECK(mode_of("users") == usual);
  CHECK(mode_of("exact") == 0750);
  CHECK(mode_of("usual") == usual);
  CHECK(gitplan::private_file_mode() == 0600);
}
