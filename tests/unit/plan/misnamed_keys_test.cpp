#include <catch2/catch.hpp>

#include "plan/toml_misnamed_keys.hpp"

using namespace gitplan;

TEST_CASE("keys that people write for ours, and typing errors, mean ours") {
  const auto of_task = [](std::string_view key) {
    return meant_key(key, KeyOf::task).value_or("none");
  };
  CHECK(of_task("needs") == "preconditions");
  CHECK(of_task("dependencies") == "depends_on");
  CHECK(of_task("after") == "depends_on");
  CHECK(of_task("estimate") == "estimated_time");
  CHECK(of_task("title") == "description");
  CHECK(of_task("dependsOn") == "depends_on");
  CHECK(of_task("depends-on") == "depends_on");
  CHECK(of_task("Provides") == "provides");
  CHECK(of_task("estimated_tiem") == "estimated_time");
  CHECK(of_task("testStrategy") == "test_strategy");
  CHECK(meant_key("session", KeyOf::plan) == "session_id");
  CHECK(meant_key("task", KeyOf::plan) == "tasks");
  CHECK(meant_key("tech_stack", KeyOf::plan) == "technology_stack");
}

TEST_CASE("keys that are like none of ours, and those that imports keep, mean themselves") {
  for (const auto* key : {"", "owner", "color", "x", "ip", "labels", "external_ref", "notes",
                          "design", "assignee", "issue_type", "milestone", "sprint"}) {
    CAPTURE(key);
    CHECK_FALSE(meant_key(key, KeyOf::task));
  }
  CHECK_FALSE(meant_key("owner", KeyOf::plan));
}
