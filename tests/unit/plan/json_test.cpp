#include "plan/json.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "base/error.hpp"
#include "base/text.hpp"

using namespace gitplan;

namespace {

std::string refusal(std::string_view text) {
  try {
    json_io::parse_plan(text, "<stdin>");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::fatal);
    CHECK_FALSE(text::has_control(error.what()));
    return error.what();
  }
  FAIL("not refused: " << text.substr(0, 80));
  return {};
}

std::string problem(std::string_view text) {
  const auto parsed = json_io::parse_plan(text, "<stdin>");
  REQUIRE(parsed.diagnostics.size() == 1);
  CHECK(parsed.diagnostics[0].line.value_or(1) == 1);
  return parsed.diagnostics[0].code + " " + parsed.diagnostics[0].message;
}

std::string repeated(std::string_view piece, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += piece;
  return text;
}

}  // namespace

TEST_CASE("the seed's object is a plan") {
  const auto parsed = json_io::parse_plan(R"({
    "session_id": "session-20250112-143000",
    "user_request": "Add user authentication with JWT",
    "architecture": "MVC",
    "design_patterns": "Repository",
    "technology_stack": "Python",
    "tasks": [
      {"id": "001", "description": "one", "status": "pending", "preconditions": [],
       "provides": ["User model class"], "files": ["models/user.py"],
       "estimated_time": "8 minutes", "priority": "high"},
      {"id": "002", "description": "two", "status": "completed", "slug": null}
    ],
    "estimated_total_time": "45 minutes",
    "dependency_graph": "Wave 1: 001\nWave 2: 002"
  })",
                                          "<stdin>");
  CHECK(parsed.diagnostics.empty());
  CHECK(parsed.plan.session_id == "session-20250112-143000");
  CHECK(parsed.plan.dependency_graph == "Wave 1: 001\nWave 2: 002");
  CHECK(parsed.plan.foreign.empty());
  REQUIRE(parsed.plan.tasks.size() == 2);
  CHECK(parsed.plan.tasks[0].priority == Priority::high);
  CHECK(parsed.plan.tasks[0].foreign.empty());
  CHECK(parsed.plan.tasks[1].status == Status::completed);
  CHECK_FALSE(parsed.plan.tasks[1].slug);
}

TEST_CASE("a bare list is a list of tasks") {
  CHECK(json_io::parse_plan(R"([{"id": "001"}, {"id": "002"}])", "x").plan.tasks.size() == 2);
  CHECK(json_io::parse_plan("[]", "x").plan.tasks.empty());
  CHECK(json_io::parse_tasks("[{}]", "x").plan.tasks.size() == 1);
  CHECK_THROWS_WITH(json_io::parse_tasks("{}", "'f'"), "'f': no \"tasks\" in it");
}

TEST_CASE("unknown keys become TOML; what our own output derives does not") {
  const auto parsed = json_io::parse_plan(R"({
    "version": "v9", "plan_version": "v9", "schema": 1, "Zone": "x", "state": "ready",
    "tasks": [{"id": "001", "ready": true, "wave": 1, "blocked_by": [], "worker": null,
      "Owner": {"name": "a\"b", "n": null, "list": [1, -2, 1.5, 1e300, true, {"x y": ""}]},
      "big": 18446744073709551615, "": 1, "ctl\u0001": "\u0000"}]})",
                                          "x");
  CHECK(parsed.diagnostics.empty());
  CHECK(parsed.plan.version == 1);
  CHECK(parsed.plan.session_id.empty());
  CHECK(parsed.plan.foreign == std::vector<ForeignKey>{{"Zone", "\"x\""}});
  REQUIRE(parsed.plan.tasks.size() == 1);
  const std::vector<ForeignKey> foreign = {
      {"", "1"},
      {"Owner", "{ list = [1, -2, 1.5, 1e+300, true, { \"x y\" = \"\" }], name = \"a\\\"b\" }"},
      {"big", "1.8446744073709552e+19"},
      {"ctl\x01", "\"\\u0000\""}};
  CHECK(parsed.plan.tasks[0].foreign == foreign);
  CHECK(toml_io::parse_input(toml_io::render_plan(parsed.plan), "x").plan.tasks[0].foreign ==
        foreign);
}

TEST_CASE("keys that mean one of ours are told, and kept") {
  const auto parsed = json_io::parse_plan(R"({"goal": "x", "tasks": [
    {"id": "001", "needs": ["a"], "labels": ["b"], "external_ref": "c"},
    {"id": "002", "estimated_minutes": 8, "needs": ["a"]},
    {"id": "003", "estimated_minutes": 8, "estimated_time": "8 minutes"}]})",
                                          "'f'");
  std::vector<std::string> told;
  for (const auto& one : parsed.diagnostics) {
    CHECK(one.severity == Severity::warning);
    told.push_back(std::to_string(one.line.value_or(0)) + " " + one.message);
  }
  CHECK(told == std::vector<std::string>{
                    "1 'f': unknown key 'goal'; did you mean 'user_request'?",
                    "2 task '001': unknown key 'needs'; did you mean 'preconditions'?",
                    "3 task '002': unknown key 'estimated_minutes'; did you mean 'estimated_time'?",
                    "3 task '002': unknown key 'needs'; did you mean 'preconditions'?"});
  CHECK(parsed.plan.tasks[1].foreign ==
        std::vector<ForeignKey>{{"estimated_minutes", "8"}, {"needs", "[\"a\"]"}});
  CHECK(parsed.plan.tasks[2].foreign.empty());
}

TEST_CASE("what is reported has the line where it stands") {
  const std::string text = R"({
    "provides": ["a",
      5],
    "format": 0
    ,
    "tasks": [
      {"id": "001", "files": ["a"],
       "priority":
         "hgh"},
      {"id": "002"
      }
    ]})";
  const auto parsed = json_io::parse_plan(text, "x");
  CHECK(parsed.task_lines == std::vector<int>{7, 10});
  std::vector<int> lines;
  for (const auto& one : parsed.diagnostics) lines.push_back(one.line.value_or(0));
  CHECK(lines == std::vector<int>{4, 3, 9});
  const auto message = json_io::parse_plan(text, "x", json_io::Lines::none);
  CHECK(message.task_lines.empty());
  for (const auto& one : message.diagnostics) CHECK_FALSE(one.line);
}

TEST_CASE("null is no item of a list") {
  CHECK(refusal("[{\"id\": \"001\",\n \"files\": [\"a\", null]}]") ==
        "<stdin>: line 2: null in the list 'files'");
  CHECK(refusal("[null]") == "<stdin>: line 1: null in a list");
  CHECK(refusal("{\"tasks\": [{\"x\": [[null]]}]}") == "<stdin>: line 1: null in a list");
  CHECK_THROWS_WITH(json_io::parse_tasks("[null]", "new_tasks", json_io::Lines::none),
                    "new_tasks: null in a list");
}

TEST_CASE("wrong types are reported") {
  CHECK(problem(R"({"session_id": 5})") ==
        "wrong_type <stdin>: 'session_id' must be a string, not an integer");
  CHECK(problem(R"([{"id": 1}])") ==
        "wrong_type task number 1 (without an id): 'id' must be a string, not an integer");
  CHECK(problem(R"([{"id": "001", "preconditions": "x"}])") ==
        "wrong_type task '001': 'preconditions' must be a list of strings, not a string");
  CHECK(problem(R"([{"id": "001", "estimated_time": 8.5}])") ==
        "wrong_type task '001': 'estimated_time' must be a string, not a number");
  CHECK(problem(R"([{"id": "001", "files": [{}]}])") ==
        "wrong_type task '001': item 1 of 'files' must be a string, not an object");
  CHECK(problem(R"({"tasks": {}})") ==
        "wrong_type <stdin>: 'tasks' must be a list of objects, not an object");
  CHECK(problem(R"(["x"])") ==
        "wrong_type <stdin>: item 1 of 'tasks' must be an object, not a string");
  CHECK(problem(R"([{"id": "001", "status": "done"}])").starts_with("bad_status"));
  CHECK(problem(R"({"format": "1"})").starts_with("wrong_type"));
  CHECK(refusal(R"({"format": 2})") ==
        "<stdin> has format 2, newer than this program understands (1)");
}

TEST_CASE("what is no JSON is refused, with where") {
  CHECK(refusal("{\"a\": 1,\n \"b\" 2}").starts_with("<stdin>: line 2, column 6: syntax error"));
  CHECK(refusal("") == "<stdin>: is empty");
  CHECK(refusal(" \n") == "<stdin>: is empty");
  CHECK(refusal("5") == "<stdin>: neither a JSON object nor a list of tasks");
  CHECK(refusal("null") == "<stdin>: neither a JSON object nor a list of tasks");
  CHECK(refusal("\"x\"") == "<stdin>: neither a JSON object nor a list of tasks");
  CHECK(refusal("{} {}").find("line 1") != std::string::npos);
  CHECK(refusal("{\"a\": 1, \"b\": {\"a\": 1, \"a\": 1}}") == "<stdin>: line 1: duplicate key 'a'");
  CHECK(refusal("{\"a\": null, \"a\": 1}") == "<stdin>: line 1: duplicate key 'a'");
  CHECK(refusal("{\"a\": 1, \"\\u0061\": null}") == "<stdin>: line 1: duplicate key 'a'");
  CHECK(refusal("{\"a\": \"\\ud800\"}").find("surrogate") != std::string::npos);
  CHECK(refusal("{\"a\": \"\\udc00x\"}").find("surrogate") != std::string::npos);
  CHECK(refusal("{\"a\": \"\xff\"}") == "<stdin>: line 1: not UTF-8");
  CHECK(refusal("{\"a\": 1e999}").find("number overflow") != std::string::npos);
  CHECK(refusal("{\"\x1b\": 1}").find("control character") != std::string::npos);
  CHECK(refusal("{\"" + std::string(100000, 'x')).size() < 400);
  refusal("{\"a\": NaN}");
  refusal("{'a': 1}");
  refusal("{\"a\": 1,}");
}

TEST_CASE("nesting bombs are refused") {
  CHECK(refusal(repeated("[", 5000000)).find("deeper than 64") != std::string::npos);
  CHECK(refusal(repeated("{\"a\":", 1000000)).find("deeper than 64") != std::string::npos);
  CHECK(refusal("{\"a\":" + repeated("[", 64) + repeated("]", 64) + "}").find("deeper") !=
        std::string::npos);
  CHECK_NOTHROW(json_io::parse_plan("{\"a\":" + repeated("[", 63) + repeated("]", 63) + "}", "x"));
}

TEST_CASE("what is accepted as JSON can be read back as TOML, however deep") {
  const auto deep = [](std::size_t levels, std::string_view open, std::string_view close) {
    return "[{\"id\": \"001\", \"x\": " + repeated(open, levels) + "1" + repeated(close, levels) +
           "}]";
  };
  for (const std::string& text : {deep(62, "[", "]"), deep(62, "{\"a\":", "}")}) {
    const auto parsed = json_io::parse_plan(text, "x");
    const auto again = toml_io::parse_input(toml_io::render_plan(parsed.plan), "x");
    CHECK(again.plan == parsed.plan);
  }
  CHECK(refusal(deep(63, "{\"a\":", "}")).find("deeper") != std::string::npos);
}

TEST_CASE("JSON and TOML are told apart by their first characters") {
  for (const char* json :
       {"{", " \n{}", "[]", "[{", "[ {", "[\n", "[", "\xef\xbb\xbf{", "[\r\n  {"}) {
    CAPTURE(json);
    CHECK(json_io::looks_like_json(json));
  }
  for (const char* toml : {"", "a = 1", "[[tasks]]", "[ [tasks]]", "[a]", "[\"a\"]", "# {",
                           "\n[ a.b ]", "\xef\xbb\xbf[[tasks]]", "\"a\" = 1"}) {
    CAPTURE(toml);
    CHECK_FALSE(json_io::looks_like_json(toml));
  }
}

TEST_CASE("damaged JSON is refused or read, never worse") {
  const std::string sample =
      R"({"session_id": "s", "tasks": [{"id": "001", "files": ["a", "\u00e9\ud83d\ude00"], "x": [1.5, -0]}]})";
  const std::string alphabet = "\"[]{}:,\\u0d8e1-. \n\xff\xc3";
  std::mt19937 random(7);
  int readable = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text = sample;
    for (std::size_t n = 1 + random() % 3; n > 0; --n) {
      const std::size_t at = random() % text.size();
      if (random() % 2 == 0) {
        text[at] = alphabet[random() % alphabet.size()];
      } else {
        text.erase(at, 1 + random() % 10);
      }
    }
    CAPTURE(text);
    try {
      const auto parsed = json_io::parse_plan(text, "x");
      ++readable;
      REQUIRE_NOTHROW(toml_io::parse_plan(toml_io::render_plan(parsed.plan), "x"));
    } catch (const Error& error) {
      REQUIRE(error.kind() == ErrorKind::fatal);
    }
  }
  CHECK(readable > 1000);
}

TEST_CASE("JSON: an update without a version is of the first one") {
  const auto parsed = json_io::parse_plan(R"({"updates": [{"note": "n"}]})", "<stdin>");
  CHECK(parsed.diagnostics.empty());
  REQUIRE(parsed.plan.updates.size() == 1);
  CHECK(parsed.plan.updates[0].version == 1);
}
