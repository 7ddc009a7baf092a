#include "commands/wave/placeholders.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"

namespace gitplan::commands {
namespace {

using Words = std::vector<std::string>;

Words filled(const Words& arguments, const std::string& branch, const std::string& path = "/w/1") {
  return fill_placeholders(arguments, {"001", branch, path, "1", "/prompt"});
}

TEST_CASE("placeholders are replaced wherever they stand") {
  CHECK(filled({"tool", "--on={branch}", "{worktree}/x", "{}", "{other}", "{branch}{branch}"},
               "b") == Words{"tool", "--on=b", "/w/1/x", "{}", "{other}", "bb"});
  CHECK(filled({"sh", "-c", "echo {branch}"}, "task/001-a_b.c") ==
        Words{"sh", "-c", "echo task/001-a_b.c"});
}

TEST_CASE("a value is never replaced again") {
  CHECK(filled({"tool", "{worktree}"}, "b", "/{branch}") == Words{"tool", "/{branch}"});
}

TEST_CASE("a name out of metadata that a shell could run is refused") {
  for (const char* name : {"task/001-$(x)", "task/001-`x`", "task/001-a;x", "a b", "a'b", "a\"b",
                           "a\nb", "a&b", "a|b", "a>b", "\xc3\xa4", ""}) {
    CAPTURE(name);
    CHECK_THROWS_AS(filled({"sh", "-c", "echo {branch}"}, name), Error);
    CHECK_THROWS_AS(filled({"env", "sh", "-c", "echo '{branch}'"}, name), Error);
    CHECK_THROWS_AS(filled({"{branch}"}, name), Error);
    CHECK(filled({"sh", "-c", "echo $GIT_TASK_BRANCH"}, name).size() == 3);
  }
}

TEST_CASE("a path of this machine is refused in a shell's arguments alone") {
  CHECK(filled({"tool", "--in={worktree}"}, "b", "/my work/1") == Words{"tool", "--in=/my work/1"});
  CHECK_THROWS_AS(filled({"/bin/bash", "-c", "cd {worktree}"}, "b", "/my work/1"), Error);
}

}  // namespace
}  // namespace gitplan::commands
