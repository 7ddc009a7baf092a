#include "git/complaint.hpp"

#include <catch2/catch.hpp>

namespace git = gitplan::git;

TEST_CASE("a complaint is git's first error line", "[complaint]") {
  const git::Outcome outcome{128, "", "warning: so\nfatal: not a repository\nhint: go\n"};
  CHECK(git::complaint("git x", outcome).messages() ==
        std::vector<std::string>{"git x: not a repository"});
  CHECK(git::complaint("git x", {3, "", ""}).messages() ==
        std::vector<std::string>{"git x: exit status 3"});
}

TEST_CASE("of a filter that failed it keeps the cause", "[complaint]") {
  const git::Outcome outcome{
      128, "", "no-lfs: 1: no-lfs: not found\nfatal: the remote end hung up unexpectedly\n"};
  const gitplan::Error error = git::complaint("cannot check out 'b'", outcome);
  CHECK(error.messages() == std::vector<std::string>{"cannot check out 'b': a filter failed",
                                                     "no-lfs: 1: no-lfs: not found",
                                                     "the remote end hung up unexpectedly"});
  CHECK(error.code() == "filter_failed");
  CHECK(error.hints().size() == 1);
}
