#include "mcp/hints.hpp"

#include <algorithm>
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
  CHECK(for_tools("run: git task list --plan=s1") == R"(call: parse_plan {"branch":"s1"})");
  CHECK(for_tools("run: git task done 001 --allow-empty") ==
        R"(call: complete_task {"task_id":"001","allow_empty":true})");
  CHECK(for_tools("to mend it: git task reset s1/001") ==
        R"(to mend it: reset_task {"task_id":"s1/001"})");
}

TEST_CASE("parameters are those of the tool") {
  CHECK(for_tools("run: git task show 001") == R"(call: parse_task {"branch":"001"})");
  CHECK(for_tools("run: git task show 001 --plan=s1") == R"(call: parse_task {"branch":"s1/001"})");
  CHECK(for_tools("run: git plan show s1") == R"(call: parse_plan {"branch":"s1"})");
  CHECK(for_tools("run: git wave worker add 2 task/001-a") ==
        R"(call: create_worktree {"worker_id":"2","task_branch":"task/001-a"})");
  CHECK(for_tools("run: git task add 'A task'") == "call: update_plan_branch with new_tasks");
  CHECK(for_tools("to say where to, run: git plan deliver --into='<branch>'") ==
        R"(to say where to, call: deliver_flow {"into":"<branch>"})");
  CHECK(for_tools("to see how a plan is given, run: git plan create -h") ==
        "to see how a plan is given, see the parameters of create_plan_branch");
}

TEST_CASE("every verb that is a tool has that tool's parameters") {
  for (const ToolOfVerb& one : tools_of_verbs()) {
    CAPTURE(one.verb, one.tool->name);
    for (const auto name : one.parameters) {
      CAPTURE(name);
      const auto& known = one.tool->parameters;
      CHECK(std::any_of(known.begin(), known.end(),
                        [&](const Parameter& parameter) { return parameter.name == name; }));
    }
  }
}

TEST_CASE("what no tool does is left out, and what else is said stays") {
  const auto [text, left] = GENERATE(table<std::string, std::string>({
      {"to see all plans, run: git plan list", ""},
      {"to see what is wrong, run: git plan doctor", ""},
      {"to start it all the same, run: git task start 003 -f", ""},
      {"run: git wave start -j many", ""},
      {"to see all branches, run: git branch --list", ""},
      {"to see them, run: git -C a log b", ""},
      {"for example: git plan import --from=backlog backlog", ""},
      {"a plan keeps its name; to see its versions, run: git plan log s1", "a plan keeps its name"},
      {"any writing command removes it: git plan doctor --fix", "any writing command removes it"},
      {"to see all plans, run: git plan list\nto see one, run: git plan show s1",
       "to see one, call: parse_plan {\"branch\":\"s1\"}"},
  }));
  CHECK(for_tools(text) == left);
}

TEST_CASE("what git does for a worker stays a command") {
  const std::string text =
      GENERATE("run: git -C a merge flow", "nothing to run",
               "to see it fail, run: git worktree add -q --detach a b && cd a && make test");
  CHECK(for_tools(text) == text);
}

TEST_CASE("of several lines, and after other commands, each is named") {
  CHECK(for_tools("run: git wave status\nrun: git -C a revert b && git task reset 001") ==
        "call: wave_status\nrun: git -C a revert b; then call: reset_task {\"task_id\":\"001\"}");
}

}  // namespace
}  // namespace gitplan::mcp
