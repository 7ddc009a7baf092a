#include "mcp/hints.hpp"

#include <catch2/catch.hpp>

namespace gitplan::mcp {
namespace {

TEST_CASE("a command of ours is named as the call of its tool") {
  CHECK(for_tools("to see what can start now, run: git wave next") ==
        "to see what can start now, call: next_wave");
  CHECK(for_tools("run: git task reset 002 -m 'It''s'\\''s this'") ==
        R"(call: reset_task {"task_id":"002","answer":"Its's this"})");
  CHECK(for_tools("hint: to start more at once, run: git wave start -j 4") ==
        R"(hint: to start more at once, call: start_wave {"max_parallel":4})");
  CHECK(for_tools("run: git wave start 001 s1/002") ==
        R"(call: start_wave {"task_ids":["001","s1/002"]})");
  CHECK(for_tools("run: git task list --plan=s1") == R"(call: parse_plan {"plan_branch":"s1"})");
  CHECK(for_tools("run: git task done 001 --allow-empty") ==
        R"(call: complete_task {"task_id":"001","allow_empty":true})");
  CHECK(for_tools("to mend it: git task reset s1/001") ==
        R"(to mend it: reset_task {"task_id":"s1/001"})");
}

TEST_CASE("what no tool does stays a command") {
  const std::string text =
      GENERATE("run: git plan doctor", "run: git task start 003 -f", "run: git -C a merge flow",
               "run: git wave start -j many", "run: git plan list", "nothing to run",
               "run: git task resets 1");
  CHECK(for_tools(text) == text);
}

TEST_CASE("of several lines, and after other commands, each is named") {
  CHECK(for_tools("run: git wave status\nrun: git -C a revert b && git task reset 001") ==
        "call: wave_status\nrun: git -C a revert b; then call: reset_task {\"task_id\":\"001\"}");
}

}  // namespace
}  // namespace gitplan::mcp
