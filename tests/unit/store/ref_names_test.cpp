#include "store/ref_names.hpp"

#include <catch2/catch.hpp>
#include <string>

namespace gitplan {
namespace {

TEST_CASE("a session is found in every way to name its plan") {
  for (const char* word : {"session-1", "plan/session-1", "refs/heads/plan/session-1"}) {
    CHECK(ref_names::session_of(word) == "session-1");
  }
  CHECK(ref_names::plan_ref("session-1") == "refs/heads/plan/session-1");
}

TEST_CASE("a task branch is taken apart whatever its slug") {
  const auto name = ref_names::parse_task_branch("refs/heads/task/0042-Any_Slug-at.all");
  REQUIRE(name);
  CHECK(name->id == "0042");
  CHECK(name->slug == "Any_Slug-at.all");
  for (const char* other :
       {"task/42-x", "task/001", "tasks/001-x", "task/1234567-x", "main", "task/abc-x"}) {
    CHECK_FALSE(ref_names::parse_task_branch(other));
  }
}

TEST_CASE("a metadata file is named by id and slug") {
  CHECK(ref_names::task_file_path("s", "001", "user-model") == ".plan/s/001-user-model.toml");
  CHECK(ref_names::parse_task_file("001-user-model.toml")->slug == "user-model");
  for (const char* other : {"README.md", "001.toml", "001-x.json", "x-001.toml"}) {
    CHECK_FALSE(ref_names::parse_task_file(other));
  }
}

TEST_CASE("rescue and attempt refs keep the time they were made") {
  constexpr Seconds time = 1736692200;
  CHECK(ref_names::rescue_ref(3, time, 1) == "refs/git-plan/rescue/worker-3/20250112T143000Z");
  CHECK(ref_names::rescue_ref(3, time, 2) == "refs/git-plan/rescue/worker-3/20250112T143000Z-2");
  CHECK(ref_names::attempt_ref("s", "001", time, 1) ==
        "refs/git-plan/attempts/s/001/20250112T143000Z");
  CHECK(ref_names::kept_since(ref_names::rescue_ref(3, time, 7)) == time);
  CHECK_FALSE(ref_names::kept_since("refs/git-plan/rescue/worker-3/yesterday"));
}

TEST_CASE("done and red refs are named by a session and a number, and by nothing else") {
  CHECK(ref_names::done_ref("s.1", 7) == "refs/git-plan/done/s.1/007");
  CHECK(ref_names::red_ref("s.1", 12345) == "refs/git-plan/red/s.1/12345");
  const auto done = ref_names::parse_done_ref("refs/git-plan/done/s.1/007");
  REQUIRE(done);
  CHECK(done->session == "s.1");
  CHECK(done->task == 7);
  CHECK(ref_names::parse_red_ref("refs/git-plan/red/s.1/12345")->task == 12345);
  CHECK_FALSE(ref_names::parse_done_ref("refs/git-plan/red/s.1/007"));
  for (const char* task : {"", "s", "s/", "/001", "s/1", "s/0001", "s/-01", "s/001/x", "s/00x",
                           "s/1234567", "../001", "S/001", "s/../001", "s//001", "a b/001"}) {
    CHECK_FALSE(ref_names::parse_done_ref(std::string(ref_names::done_prefix) + task));
    CHECK_FALSE(ref_names::parse_red_ref(std::string(ref_names::red_prefix) + task));
  }
}

}  // namespace
}  // namespace gitplan
