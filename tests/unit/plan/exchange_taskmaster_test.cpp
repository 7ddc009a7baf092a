// Task Master's files as people and other tools write them.
#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "unit/plan/imported.hpp"

namespace gitplan::exchange {
namespace {

using test::external_ids;
using test::messages;
using test::needs;
using Words = std::vector<std::string>;

Imported read(const std::string& tasks, Subtasks subtasks = Subtasks::as_tasks) {
  ImportOptions options;
  options.subtasks = subtasks;
  return from_taskmaster(R"({"tasks": )" + tasks + "}", "x", options);
}

TEST_CASE("subtasks have their id in full, however it is written") {
  for (const char* ids : {"1, 2, 10", R"("1", "2", "10")", "3.1, 3.2, 3.10",
                          R"("3.1", "3.2", "3.10")", R"(1, "3.2", 3.10)"}) {
    CAPTURE(ids);
    std::string parts;
    for (const auto* id = ids; *id != '\0';) {
      std::string one;
      while (*id != '\0' && *id != ',') one += *id++;
      if (*id == ',') ++id;
      parts += (parts.empty() ? "" : ", ") + std::string(R"({"title": "t", "id": )") + one + "}";
    }
    const Imported got = read(R"([{"id": 3, "title": "W", "subtasks": [)" + parts + "]}]");
    CHECK(external_ids(got) == Words{"3", "3.1", "3.2", "3.10"});
    CHECK(messages(got).empty());
  }
}

TEST_CASE("what a task says reaches its worker") {
  const Imported got = read(R"([{"id": 1, "title": "Login", "description": "Log users in",
      "details": "Use bcrypt\n", "testStrategy": "Wrong passwords fail",
      "acceptanceCriteria": ["fast", "safe"], "subtasks": [
        {"id": 1, "title": "Form", "description": "Form", "details": ""}]}])");
  const Task* whole = test::task_of(got, "1");
  REQUIRE(whole != nullptr);
  CHECK(whole->details == "Log users in\n\nUse bcrypt");
  CHECK(whole->test_strategy == "Wrong passwords fail\n\n- fast\n- safe");
  CHECK(whole->foreign.empty());
  CHECK_FALSE(whole->part_of);
  const Task* part = test::task_of(got, "1.1");
  REQUIRE(part != nullptr);
  CHECK_FALSE(part->details);
  CHECK(part->part_of == whole->id);
}

TEST_CASE("subtasks of subtasks, as deep as they go") {
  const Imported got = read(R"([{"id": 1, "title": "a", "subtasks": [{"id": 2, "title": "b",
      "subtasks": [{"id": "1.2.3", "title": "c", "dependencies": [4]}, {"id": 4, "title": "d"}]}]}])");
  CHECK(external_ids(got) == Words{"1", "1.2", "1.2.3", "1.2.4"});
  CHECK(needs(got, "1.2.3") == Words{"1.2.4"});
}

/// What task 2 waits for, where 1 has the subtasks 1 to 10.
Imported depending(const std::string& dependencies, Subtasks subtasks = Subtasks::as_tasks) {
  std::string parts;
  for (int i = 1; i <= 10; ++i) {
    parts +=
        (i == 1 ? "" : ", ") + std::string(R"({"title": "p", "id": )") + std::to_string(i) + "}";
  }
  return read(R"([{"id": 1, "title": "One", "subtasks": [)" + parts +
                  R"(]}, {"id": 2, "title": "Two", "dependencies": )" + dependencies + "}]",
              subtasks);
}

TEST_CASE("dependencies are taken in every form that names a task") {
  for (const char* one : {"[1]", "[\"1\"]", "1", "\"1\"", "[\"01\"]", "[{\"id\": 1}]",
                          "[{\"taskId\": \"1\"}]", "{\"id\": 1}", "[[1]]", "[\" 1 \"]", "[1, 1]"}) {
    CAPTURE(one);
    const Imported got = depending(one);
    CHECK(needs(got, "2") == Words{"1"});
    CHECK(messages(got).empty());
  }
  CHECK(needs(depending("[1.1]"), "2") == Words{"1.1"});
  CHECK(needs(depending("[1.10]"), "2") == Words{"1.10"});
  CHECK(needs(depending("[\"1.10\", 1.1]"), "2") == Words{"1.1", "1.10"});
  CHECK(needs(depending("\"1, 1.1\""), "2") == Words{"1", "1.1"});
  CHECK(needs(depending("\"1.3; 1.2,\""), "2") == Words{"1.2", "1.3"});
  CHECK(messages(depending("null")).empty());
  CHECK(messages(depending("[]")).empty());
}

TEST_CASE("a dependency that names no task is told of") {
  CHECK(messages(depending("[true]")) ==
        Words{"a dependency that names no task is left out, 'true': 2"});
  CHECK(messages(depending("[null, {\"x\": 1}]")) ==
        Words{"a dependency that names no task is left out, 'null': 2",
              "a dependency that names no task is left out, '{\"x\":1}': 2"});
  CHECK(messages(depending("[1.11]")) ==
        Words{"a dependency on '1.11', which is not there, is left out: 2"});
  CHECK(messages(depending("[18446744073709551615, 99999999999999999999999]")) ==
        Words{"a dependency on '18446744073709551615', which is not there, is left out: 2",
              "a dependency on '99999999999999999999999', which is not there, is left out: 2"});
  CHECK(messages(depending("[2, \"2\"]")) == Words{"a dependency on itself is left out: 2"});
}

TEST_CASE("a number below a task names the sibling, else the task") {
  const Imported got = read(R"([{"id": 1, "title": "a"}, {"id": 5, "title": "b", "subtasks": [
      {"id": 1, "title": "c", "dependencies": []}, {"id": 2, "title": "d", "dependencies": [1]},
      {"id": 3, "title": "e", "dependencies": ["5.2", "1.1"]},
      {"id": 4, "title": "f", "dependencies": [5, 9]}]}])");
  CHECK(needs(got, "5.2") == Words{"5.1"});
  CHECK(needs(got, "5.3") == Words{"5.2"});
  CHECK(needs(got, "5.4") == Words{"5"});
  CHECK(messages(got) == Words{"a dependency on '1.1', which is not there, is left out: 5.3",
                               "a dependency on '5.9', which is not there, is left out: 5.4"});
}

TEST_CASE("without subtasks, every form of a part's id names its whole") {
  for (const char* part : {"[1.1]", "[\"1.10\"]", "\"1.1, 1.2\"", "[{\"id\": \"1.4\"}]"}) {
    const Imported got = depending(part, Subtasks::left_out);
    CHECK(external_ids(got) == Words{"1", "2"});
    CHECK(needs(got, "2") == Words{"1"});
  }
}

TEST_CASE("tasks that are numbered with a dot above all others are tasks") {
  const Imported got =
      read(R"([{"id": 1.1, "title": "a"}, {"id": "1.10", "title": "b", "dependencies": [1.1]}])");
  CHECK(external_ids(got) == Words{"1.1", "1.10"});
  CHECK(needs(got, "1.10") == Words{"1.1"});
}

TEST_CASE("what is no task is left out by name, and does not stop the others") {
  const Imported got = read(R"([3, {"title": "x"}, {"id": null, "title": "y"},
      {"id": 1, "title": "One", "status": null, "priority": null, "subtasks": null},
      {"id": 2, "title": "Two", "subtasks": {"id": 1}},
      {"id": 4, "title": "Four", "subtasks": [{"title": "p"}, {"id": 2, "title": "q"}]}])");
  CHECK(external_ids(got) == Words{"1", "2", "4", "4.2"});
  CHECK(messages(got) ==
        Words{"what has no id is left out: task 1 of the list, task 2 of the list, "
              "task 3 of the list, subtask 1 of 4",
              "subtasks that are no list are left out: 2"});
  CHECK_THROWS_WITH(read("[3]"), "x: no task with an id in it");
}

TEST_CASE("an id far away leaves the others theirs") {
  const Imported got = read(R"([{"id": 999999, "title": "a"}, {"id": "b", "title": "b"},
      {"id": 2, "title": "c"}, {"id": 5000000000, "title": "d"}])");
  CHECK(test::task_of(got, "999999")->id == "999999");
  CHECK(test::task_of(got, "b")->id == "001");
  CHECK(test::task_of(got, "2")->id == "002");
  CHECK(test::task_of(got, "5000000000")->id == "003");
}

TEST_CASE("what the plan has already may be waited for") {
  Plan plan;
  plan.tasks.emplace_back();
  plan.tasks.back().id = "007";
  plan.tasks.back().external_id = "1";
  ImportOptions options;
  options.into = &plan;
  const Imported got = from_taskmaster(
      R"({"tasks": [{"id": 2, "title": "b", "dependencies": [1, 3]}, {"id": 3, "title": "c"}]})",
      "x", options);
  CHECK(test::task_of(got, "2")->depends_on == Words{"003", "007"});
  CHECK(messages(got).empty());
}

TEST_CASE("a text that is no JSON is refused with its place, at once") {
  const auto problem = [](const std::string& text) {
    try {
      from_taskmaster(text, "x", {});
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("read");
  };
  CHECK(problem(R"({"tasks": [{"id": 1, "id": 2}]})") == "x: duplicate key 'id'");
  CHECK(problem(std::string(1000000, '[')) == "x: nested deeper than 64 levels");
  CHECK(problem("{\"a\": " + std::string(64, '[') + std::string(64, ']') + "}") ==
        "x: nested deeper than 64 levels");
  CHECK(problem("{\n\"tasks\": [1e400]}").find("number overflow") != std::string::npos);
  CHECK(problem("{\n\"tasks\": [1,]}").starts_with("x: line 2, column 13: "));
  CHECK(problem("{\"tasks\": [\"\\ud800\"]}").find("surrogate") != std::string::npos);
  CHECK(problem("{\"tasks\": [\"\xff\"]}") == "x: line 1: not UTF-8");
  CHECK(problem("{\"tasks\": [\n<<<<<<< HEAD\n{\"id\": 1}\n=======\n{\"id\": 2}\n>>>>>>> b\n]}") ==
        "x: line 2: a conflict of git's that is not settled");
  CHECK(external_ids(from_taskmaster(
            "\xEF\xBB\xBF{\r\n\"tasks\": [{\"id\": 1, \"title\": \"a\"}]}\r\n", "x", {})) ==
        Words{"1"});
}

}  // namespace
}  // namespace gitplan::exchange
