#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <string>

#include "base/error.hpp"
#include "plan/toml.hpp"

using namespace gitplan;

namespace {

Diagnostics problems(std::string_view text) {
  return toml_io::parse_plan(text, "'plan.toml'").diagnostics;
}

std::string problem(std::string_view text) {
  const Diagnostics found = problems(text);
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::error);
  return fmt::format("{} {}:{}: {}", found[0].code, found[0].task, found[0].line.value_or(0),
                     found[0].message);
}

std::string refusal(std::string_view text, std::string_view name = "'plan.toml'") {
  try {
    toml_io::parse_plan(text, name);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::fatal);
    return error.what();
  }
  FAIL("not refused");
  return {};
}

}  // namespace

TEST_CASE("what a plan does not say is at its default") {
  const auto parsed = toml_io::parse_plan("# empty\n", "x");
  CHECK(parsed.plan == Plan{});
  CHECK(parsed.diagnostics.empty());
  CHECK(parsed.task_lines.empty());
}

TEST_CASE("every key is read, and each task's line is known") {
  const auto parsed = toml_io::parse_plan(R"(
format = 1
session_id = "s"
version = 4
created_at = 2025-01-12 14:30:00.250-05:00
provides = ["x"]

[[updates]]
version = 2
at = 2025-01-12
note = "n"

[[tasks]]
id = "001"
description = "d"
status = "failed"
reason = "r"
needs_decision = true
preconditions = ["p"]
provides = ["q"]
depends_on = ["002"]
files = ["f"]
estimated_time = "8"
priority = "low"
slug = "s"
external_id = "5.2"
unknown = { a = 1 }

  [[tasks]]
id = "002"
)",
                                          "x");
  CHECK(parsed.diagnostics.empty());
  CHECK(parsed.task_lines == std::vector{13, 29});
  CHECK(parsed.plan.created_at == "2025-01-12T14:30:00.25-05:00");
  REQUIRE(parsed.plan.updates.size() == 1);
  CHECK(parsed.plan.updates[0] == Update{2, "2025-01-12", "n"});
  Task task;
  task.id = "001";
  task.description = "d";
  task.status = Status::failed;
  task.reason = "r";
  task.needs_decision = true;
  task.preconditions = {"p"};
  task.provides = {"q"};
  task.depends_on = {"002"};
  task.files = {"f"};
  task.estimated_time = "8";
  task.priority = Priority::low;
  task.slug = "s";
  task.external_id = "5.2";
  REQUIRE(parsed.plan.tasks.size() == 2);
  CHECK(parsed.plan.tasks[0] == task);
  CHECK(toml_io::parse_plan("tasks = [\n{ id = 'a' },\n\n{ id = 'b' }]", "x").task_lines ==
        std::vector{2, 4});
}

TEST_CASE("after a line continuation, white space is what TOML calls so") {
  for (const char* after :
       {"\u00e9", "\u00a0x", "\ufeffx", "\u3000", "\u1680", "\U0001F600", "x"}) {
    for (const char* gap : {"\n", " \t\r\n \r\n\t ", "\n\n\n"}) {
      CAPTURE(after, gap);
      const std::string text = std::string("session_id = \"s\"\nuser_request = \"\"\"a\\\\\\") +
                               gap + "b\\" + gap + after + "\"\"\"\narchitecture = '''\\\n" +
                               after + "'''\n";
      const auto plan = toml_io::parse_plan(text, "x").plan;
      CHECK(plan.user_request == std::string("a\\b") + after);
      CHECK(plan.architecture == std::string("\\\n") + after);
    }
  }
}

TEST_CASE("a backslash escapes what TOML knows, and nothing else") {
  CHECK(toml_io::parse_plan("architecture = \"\"\"\\b\\t\\n\\f\\r\\\"\\\\\\u00e9\\U0001F600\"\"\"",
                            "x")
            .plan.architecture == "\b\t\n\f\r\"\\\u00e9\U0001F600");
  for (const char* after : {"\u00e9", "\u00a0", "\U0001F600", " \u00e9", "\t\u3000", " x",
                            "\r\u00e9", "\v", "e", "x41", "'", "0"}) {
    for (const char* quotes : {"\"", "\"\"\""}) {
      CAPTURE(after, quotes);
      const std::string text = std::string("\narchitecture = ") + quotes + "a\\" + after + quotes;
      CHECK_THROWS_WITH(toml_io::parse_plan(text, "x"),
                        Catch::StartsWith("x: line 2, column ") &&
                            Catch::EndsWith("an escape that TOML does not know"));
    }
  }
  CHECK_THROWS_WITH(toml_io::parse_plan("\"a\\\u00e9\" = 1", "x"),
                    "x: line 1, column 3: an escape that TOML does not know");
  CHECK_THROWS_WITH(toml_io::parse_plan("a = \"x\\", "x"),
                    Catch::EndsWith("a string without an end"));
}

TEST_CASE("a wrong type is reported with its line, and the rest is read") {
  CHECK(problem("session_id = 5") ==
        "wrong_type :1: 'plan.toml': 'session_id' must be a string, not an integer");
  CHECK(problem("\nversion = 'v2'") ==
        "wrong_type :2: 'plan.toml': 'version' must be an integer, not a string");
  CHECK(problem("format = '1'") ==
        "wrong_type :1: 'plan.toml': 'format' must be an integer, not a string");
  CHECK(problem("format = 0") == "bad_format :1: 'plan.toml': bad format 0");
  CHECK(problem("version = 0") ==
        "bad_version :1: 'plan.toml': 'version' must be a positive number, not 0");
  CHECK(problem("version = 9223372036854775807").starts_with("bad_version"));
  CHECK(problem("created_at = 12:00:00") ==
        "wrong_type :1: 'plan.toml': 'created_at' must be a date and time, not a time");
  CHECK(problem("provides = 'x'") ==
        "wrong_type :1: 'plan.toml': 'provides' must be a list of strings, not a string");
  CHECK(problem("provides = [\n'x',\n1.5]") ==
        "wrong_type :3: 'plan.toml': item 2 of 'provides' must be a string, not a float");
  CHECK(problem("tasks = 5") ==
        "wrong_type :1: 'plan.toml': 'tasks' must be a list of tables, not an integer");
  CHECK(problem("[tasks]\nid = '1'") ==
        "wrong_type :1: 'plan.toml': 'tasks' must be a list of tables, not a table");
  CHECK(problem("tasks = [\n'x']") ==
        "wrong_type :2: 'plan.toml': item 1 of 'tasks' must be a table, not a string");
  CHECK(problem("approvals = 1") ==
        "wrong_type :1: 'plan.toml': 'approvals' must be a list of tables, not an integer");
  CHECK(problem("updates = true") ==
        "wrong_type :1: 'plan.toml': 'updates' must be a list of tables, not a boolean");
  CHECK(problem("[[updates]]\nnote = 1") ==
        "wrong_type :2: 'plan.toml': item 1 of 'updates': 'note' must be a string, not an integer");
  CHECK(problem("[[tasks]]\nid = '003'\nfiles = 2025-01-01") ==
        "wrong_type 003:3: task '003': 'files' must be a list of strings, not a date");
  CHECK(problem("[[tasks]]\n[[tasks]]\nneeds_decision = 1") ==
        "wrong_type :3: task number 2 (without an id): 'needs_decision' must be true or false, "
        "not an integer");
  CHECK(problem("[[tasks]]\nid = \"a\\u001b[31m\"\nslug = []").find("'a\\x1b[31m'") !=
        std::string::npos);
  CHECK(problems("[[tasks]]\nid = 1\nstatus = 2\npriority = 3\npreconditions = 'x'").size() == 4);
}

TEST_CASE("a list with one wrong item is left empty, not halved") {
  const auto parsed = toml_io::parse_plan("provides = ['a', 1]\nsession_id = 's'", "x");
  CHECK(parsed.plan.provides.empty());
  CHECK(parsed.plan.session_id == "s");
}

TEST_CASE("an unknown status or priority is reported, with what may be meant") {
  CHECK(problem("[[tasks]]\nid = '001'\nstatus = 'complete'") ==
        "bad_status 001:3: task '001': bad status 'complete'; did you mean 'completed'?");
  CHECK(problem("[[tasks]]\nid = '001'\nstatus = 'in-progress'") ==
        "bad_status 001:3: task '001': bad status 'in-progress'; did you mean 'in_progress'?");
  CHECK(problem("[[tasks]]\nid = '001'\nstatus = ''") ==
        "bad_status 001:3: task '001': bad status ''; it must be pending, in_progress, completed, "
        "failed or cancelled");
  CHECK(problem("[[tasks]]\nid = '001'\npriority = 'hihg'") ==
        "bad_priority 001:3: task '001': bad priority 'hihg'; did you mean 'high'?");
  CHECK(problem("[[tasks]]\nid = '001'\npriority = 'P0\\n'") ==
        "bad_priority 001:3: task '001': bad priority 'P0\\n'; it must be critical, high, medium "
        "or low");
}

TEST_CASE("a newer format is refused, with a hint to upgrade") {
  CHECK(refusal("format = 2", "plan 'x'") ==
        "plan 'x' has format 2, newer than this program understands (1)");
  CHECK_THROWS_AS(toml_io::parse_task_file("format = 2", "x"), Error);
  CHECK_THROWS_AS(toml_io::parse_tasks("format = 2\ntasks = []", "x"), Error);
}

TEST_CASE("what is no TOML is refused by name, line and column") {
  CHECK(refusal("a = 1\nb = ").starts_with("'plan.toml': line 2, column "));
  CHECK(refusal("a = 1\na = 2").find("line 2") != std::string::npos);
  CHECK(refusal("a = \"\x01\"").find('\x01') == std::string::npos);
  CHECK(refusal("") == "'plan.toml': is empty");
  CHECK(refusal(" \n\t\r\n") == "'plan.toml': is empty");
  CHECK(refusal("a = 1\nb = '\xff'") == "'plan.toml': line 2: not UTF-8");
  CHECK(refusal("a = 1 # \xe2\x82") == "'plan.toml': line 1: not UTF-8");
  CHECK(refusal(std::string("a = 1\n\0", 7)) == "'plan.toml': line 2: a NUL character");
  try {
    toml_io::parse_plan("a =", "plan 'session-x'");
    FAIL("not refused");
  } catch (const Error& error) {
    REQUIRE(error.hints().size() == 1);
    CHECK(error.hints()[0].text == "to mend it, run: git plan edit --plan=session-x");
  }
}

TEST_CASE("input keeps the keys that are not ours, as they are in order") {
  const auto parsed = toml_io::parse_input(R"(
version = 7
owner = "t"
budget.tokens = 1000
[[tasks]]
id = "001"
zeta = [1, 0x10, 1e3, inf, true, 2025-01-12T14:30:00Z]
"odd key" = { "a b" = 'c"d', e = {} }
alpha = """two
lines"""
[tasks.sub]
x = 1.0
[[approvals]]
by = "mallory"
)",
                                           "x");
  CHECK(parsed.diagnostics.empty());
  CHECK(parsed.plan.version == 1);
  CHECK(parsed.plan.foreign ==
        std::vector<ForeignKey>{{"owner", "\"t\""}, {"budget", "{ tokens = 1000 }"}});
  REQUIRE(parsed.plan.tasks.size() == 1);
  CHECK(parsed.plan.tasks[0].foreign ==
        std::vector<ForeignKey>{{"zeta", "[1, 16, 1000.0, inf, true, 2025-01-12T14:30:00Z]"},
                                {"odd key", "{ \"a b\" = \"c\\\"d\", e = {} }"},
                                {"alpha", "\"two\\nlines\""},
                                {"sub", "{ x = 1.0 }"}});
  const auto again = toml_io::parse_input(toml_io::render_plan(parsed.plan), "x");
  CHECK(again.plan == parsed.plan);
}

TEST_CASE("tasks to add must be there") {
  CHECK(toml_io::parse_tasks("[[tasks]]\nid = '001'\nx = 1", "f").plan.tasks[0].foreign.size() ==
        1);
  CHECK(toml_io::parse_tasks("tasks = []", "f").plan.tasks.empty());
  CHECK_THROWS_WITH(toml_io::parse_tasks("[[task]]\nid = '001'", "'f'"),
                    "'f': no [[tasks]] in it; did you mean 'tasks' by 'task'?");
}

TEST_CASE("a task file with a mistake is read as far as it goes") {
  Diagnostics diagnostics;
  const TaskFile file = toml_io::parse_task_file(
      "id = '001'\nprovides = 5\npriority = 'x'\nplan_version = 'v2'\ncreated_at = "
      "2025-01-12T14:30:00Z",
      "'.plan/x/001-a.toml'", &diagnostics);
  CHECK(file.id == "001");
  CHECK(file.plan_version == "v2");
  CHECK(file.created_at == "2025-01-12T14:30:00Z");
  REQUIRE(diagnostics.size() == 2);
  CHECK(diagnostics[0].message ==
        "'.plan/x/001-a.toml': 'provides' must be a list of strings, not an integer");
  CHECK(diagnostics[1].code == "bad_priority");
}
