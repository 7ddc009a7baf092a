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

}  // namespace
}  // namespace gitplan::exchange
