#include "plan/exchange/exchange.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/json.hpp"
#include "unit/plan/random_plan.hpp"

namespace gitplan::exchange {
namespace {

/// What a plan that came back must equal: unknown keys are as they were, too. What has no title is
/// refused.
Plan with_foreign_keys(Plan plan) {
  plan.foreign = {{"color", "\"red\""}, {"nested", "{ a = 1, b = [true, 2.5] }"}};
  for (Task& task : plan.tasks) {
    task.foreign = {{"design", "\"line\\nline\""}, {"labels", "[1]"}};
    if (text::trim(task.description).empty()) task.description = "A title";
  }
  return plan;
}

TEST_CASE("what goes out to another tool comes back the same") {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    const Plan plan = with_foreign_keys(test::RandomPlan(seed).plan());
    CAPTURE(seed);
    CHECK(from_taskmaster(to_taskmaster(plan), "out", {}).plan == plan);
    CHECK(from_beads(to_beads(plan), "out", {}).plan == plan);
  }
}

TEST_CASE("what goes out as JSON comes back the same, but for what a new plan makes anew") {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    const Plan plan = test::RandomPlan(seed).plan();
    CAPTURE(seed);
    Plan back = json_io::parse_plan(to_json(plan), "out").plan;
    back.version = plan.version;
    if (plan.flow_branch.empty()) back.flow_branch.clear();
    CHECK(back == plan);
  }
}

TEST_CASE("damaged files are refused or read, never worse") {
  const Plan plan = test::RandomPlan(7).plan();
  for (const std::string& whole : {to_taskmaster(plan), to_beads(plan)}) {
    for (std::size_t i = 0; i < whole.size(); i += 7) {
      std::string damaged = whole;
      damaged[i] = damaged[i] == '"' ? '[' : '"';
      for (const std::string& text : {damaged, whole.substr(0, i)}) {
        try {
          from_taskmaster(text, "x", {});
        } catch (const Error& error) {
          CHECK(error.kind() != ErrorKind::usage);
        }
        try {
          from_beads(text, "x", {});
        } catch (const Error& error) {
          CHECK(error.kind() == ErrorKind::fatal);
        }
      }
    }
  }
}

std::vector<std::string> depends_on(const Imported& imported, const std::string& external_id) {
  for (const Task& task : imported.plan.tasks) {
    if (task.external_id == external_id) return task.depends_on;
  }
  return {"no such task"};
}

TEST_CASE("parts wait for what their whole waits for, and the whole for its parts") {
  const auto imported = from_taskmaster(R"({"master": {"tasks": [
      {"id": 1, "title": "First"},
      {"id": 2, "title": "Whole", "dependencies": [1],
       "subtasks": [{"id": 1, "title": "a"}, {"id": 2, "title": "b", "dependencies": [1]}]},
      {"id": 3, "title": "Last", "dependencies": ["2.2"]}]}})",
                                        "x", {});
  CHECK(depends_on(imported, "1").empty());
  CHECK(depends_on(imported, "2.1") == std::vector<std::string>{"001"});
  CHECK(depends_on(imported, "2.2") == std::vector<std::string>{"004"});
  CHECK(depends_on(imported, "2") == std::vector<std::string>{"001", "004", "005"});
  CHECK(depends_on(imported, "3") == std::vector<std::string>{"005"});
  CHECK(imported.warnings.empty());
}

TEST_CASE("without subtasks, who waits for a part waits for the whole") {
  ImportOptions options;
  options.subtasks = Subtasks::left_out;
  const auto imported = from_taskmaster(R"({"tasks": [
      {"id": 1, "title": "A", "subtasks": [{"id": 4, "title": "a"}]},
      {"id": 2, "title": "B", "dependencies": ["1.4"]}]})",
                                        "x", options);
  REQUIRE(imported.plan.tasks.size() == 2);
  CHECK(depends_on(imported, "2") == std::vector<std::string>{"001"});
}

TEST_CASE("a part that says it waits for its whole is believed") {
  const auto imported = from_taskmaster(R"({"tasks": [{"id": 1, "title": "A", "subtasks": [
      {"id": 4, "title": "a", "dependencies": ["1"]}]}]})",
                                        "x", {});
  CHECK(depends_on(imported, "1").empty());
  CHECK(depends_on(imported, "1.4") == std::vector<std::string>{"001"});
  const auto other = from_beads(
      "{\"id\":\"a-1\",\"title\":\"A\"}\n"
      "{\"id\":\"a-2\",\"title\":\"B\",\"dependencies\":["
      "{\"depends_on_id\":\"a-1\",\"type\":\"blocks\"},"
      "{\"depends_on_id\":\"a-1\",\"type\":\"parent-child\"}]}\n",
      "x", {});
  CHECK(depends_on(other, "a-1").empty());
  CHECK(depends_on(other, "a-2") == std::vector<std::string>{"001"});
}

TEST_CASE("a dependency that closes a cycle is left out, with a warning") {
  const auto imported = from_taskmaster(R"({"tasks": [
      {"id": 1, "title": "A", "dependencies": [2]}, {"id": 2, "title": "B", "dependencies": [1]}]})",
                                        "x", {});
  CHECK(depends_on(imported, "1") == std::vector<std::string>{"002"});
  CHECK(depends_on(imported, "2").empty());
  REQUIRE(imported.warnings.size() == 1);
  CHECK(imported.warnings[0].code == "cycle");
}

TEST_CASE("of a cycle as few dependencies as need be are left out, however long it is") {
  constexpr int size = 20'000;
  std::string tasks;
  for (int i = 1; i <= size; ++i) {
    tasks += (i == 1 ? "" : ",") + std::string(R"({"title": "T", "id": )") + std::to_string(i) +
             R"(, "dependencies": [)" + std::to_string(i % size + 1) + "]}";
  }
  const auto imported = from_taskmaster(R"({"tasks": [)" + tasks + "]}", "x", {});
  REQUIRE(imported.warnings.size() == 1);
  CHECK(imported.warnings[0].message ==
        "a dependency on '1', which waits for it, is left out: a cycle: 20000");
}

/// One task that waits for many and has as many parts.
std::string wide_whole(int size) {
  std::string tasks;
  std::string ids;
  std::string parts;
  for (int i = 1; i <= size; ++i) {
    const std::string id = std::to_string(i);
    const std::string entry = R"({"title": "T", "id": )" + id + "},";
    tasks += entry;
    parts += entry;
    ids += id + ",";
  }
  parts.pop_back();
  ids.pop_back();
  return R"({"tasks": [)" + tasks + R"({"title": "W", "id": )" + std::to_string(size + 1) +
         R"(, "dependencies": [)" + ids + R"(], "subtasks": [)" + parts + "]}]}";
}

TEST_CASE("what many parts inherit of many dependencies has an end, and is told of") {
  const auto few = from_taskmaster(wide_whole(50), "x", {});
  CHECK(few.warnings.empty());
  CHECK(depends_on(few, "51.50").size() == 50);
  const auto many = from_taskmaster(wide_whole(4000), "x", {});
  std::size_t edges = 0;
  for (const Task& task : many.plan.tasks) edges += task.depends_on.size();
  CHECK(edges < 120'000);
  CHECK(depends_on(many, "4001").size() == 8000);
  REQUIRE(many.warnings.size() == 1);
  CHECK(many.warnings[0].message.starts_with(
      "not all dependencies of its whole are passed on to it: too many: 4001.26, "));
}

TEST_CASE(
    "parts of parts wait for what any of their wholes waits for, but for no one that waits for "
    "them") {
  const auto imported = from_taskmaster(R"({"tasks": [
      {"id": 1, "title": "A"},
      {"id": 2, "title": "B", "dependencies": ["3.1.1"]},
      {"id": 3, "title": "W", "dependencies": [1, 2], "subtasks": [
        {"id": 1, "title": "p", "subtasks": [{"id": 1, "title": "q"}, {"id": 2, "title": "r"}]},
        {"id": 2, "title": "s"}]}]})",
                                        "x", {});
  CHECK(imported.warnings.empty());
  CHECK(depends_on(imported, "3.1.1") == std::vector<std::string>{"001"});
  CHECK(depends_on(imported, "3.1.2") == std::vector<std::string>{"001", "002"});
  CHECK(depends_on(imported, "3.2") == std::vector<std::string>{"001", "002"});
}

TEST_CASE("what a task of the plan does not wait for is told of, and closes no cycle") {
  const auto tasks = [](const std::string& rest) {
    return R"({"tasks": [{"id": 1, "title": "a")" + rest + "]}";
  };
  ImportOptions options;
  const Plan plan = from_taskmaster(tasks(R"(}, {"id": 2, "title": "b"})"), "x", {}).plan;
  options.into = &plan;
  const auto imported =
      from_taskmaster(tasks(R"(, "dependencies": [3], "subtasks": [{"id": 7, "title": "p"}]},
             {"id": 2, "title": "b", "dependencies": [1]},
             {"id": 3, "title": "c", "dependencies": [2]})"),
                      "x", options);
  CHECK(depends_on(imported, "3") == std::vector<std::string>{"002"});
  CHECK(depends_on(imported, "1.7") == std::vector<std::string>{"003"});
  std::vector<std::string> said;
  for (const Diagnostic& one : imported.warnings) said.push_back(one.message);
  CHECK(said == std::vector<std::string>{
                    "a dependency on '3' is not added to what the plan has already: 1",
                    "a dependency on '1' is not added to what the plan has already: 2",
                    "a dependency on '1.7' is not added to what the plan has already: 1"});
}

TEST_CASE("one without a title is called by its id") {
  const auto imported = from_taskmaster(
      R"({"tasks": [{"id": 1, "title": "A", "dependencies": [2]}, {"id": 2}]})", "x", {});
  REQUIRE(imported.plan.tasks.size() == 2);
  CHECK(imported.plan.tasks[1].description == "untitled: 2");
  CHECK(depends_on(imported, "1") == std::vector<std::string>{"002"});
  REQUIRE(imported.warnings.size() == 1);
  CHECK(imported.warnings[0].message == "no title; its id became one: 2");
  CHECK_THROWS_WITH(from_taskmaster(R"({"tasks": [{"id": 1}, {"id": 2, "title": " "}]})", "x", {}),
                    "no title: '1', '2'");
}

}  // namespace
}  // namespace gitplan::exchange
