#include "git/progress.hpp"

#include <catch2/catch.hpp>

using gitplan::git::is_progress;
using gitplan::git::says_progress;

TEST_CASE("progress is git's own, here or on the host") {
  CHECK(is_progress("Writing objects:  45% (9/20)"));
  CHECK(is_progress("remote: Resolving deltas: 100% (3/3), done."));
  CHECK_FALSE(is_progress("remote: tick"));
  CHECK_FALSE(is_progress(""));
}

TEST_CASE("what hooks of a host say is no sign of work, what is said here is") {
  CHECK_FALSE(says_progress("remote: tick\nremote: tock\n"));
  CHECK_FALSE(says_progress("remote: "));
  CHECK_FALSE(says_progress(""));
  CHECK(says_progress("remote: tick\nremote: Counting objects: 5\n"));
  CHECK(says_progress("testing before the push\n"));
}
