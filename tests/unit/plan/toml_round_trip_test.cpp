#include <catch2/catch.hpp>
#include <string>

#include "base/error.hpp"
#include "plan/toml.hpp"
#include "unit/plan/random_plan.hpp"

using namespace gitplan;

TEST_CASE("a new plan is written in the order and style of the manual") {
  Plan plan;
  plan.session_id = "session-20250112-143000";
  plan.created_at = "2025-01-12T14:30:00Z";
  plan.user_request = "Add user authentication with JWT";
  plan.dependency_graph = "Wave 1: 001\nWave 2: 002, 003";
  plan.updates.push_back({2, "2025-01-12T14:52:10Z", "bcrypt cost 12"});
  Task task;
  task.id = "001";
  task.description = "Create User model with email/password";
  task.status = Status::completed;
  task.provides = {"User model class", "User.verify_password"};
  task.files = {"models/user.py"};
  task.estimated_time = "8 minutes";
  task.priority = Priority::high;
  task.slug = "user-model";
  task.foreign = {{"owner", "\"ada\""}, {"odd key", "[1, 2]"}};
  plan.tasks.push_back(task);
  plan.foreign = {{"budget", "{ tokens = 1000 }"}};
  CHECK(toml_io::render_plan(plan) == R"(format = 1
session_id = "session-20250112-143000"
version = 1
flow_branch = "flow"
created_at = 2025-01-12T14:30:00Z
user_request = "Add user authentication with JWT"
dependency_graph = "Wave 1: 001\nWave 2: 002, 003"
provides = []
budget = { tokens = 1000 }

[[updates]]
version = 2
at = 2025-01-12T14:52:10Z
note = "bcrypt cost 12"

[[tasks]]
id = "001"
description = "Create User model with email/password"
status = "completed"
preconditions = []
provides = ["User model class", "User.verify_password"]
depends_on = []
files = ["models/user.py"]
estimated_time = "8 minutes"
priority = "high"
slug = "user-model"
owner = "ada"
"odd key" = [1, 2]
)");
}

TEST_CASE("every plan reads back as it was written") {
  for (unsigned seed = 0; seed < 1500; ++seed) {
    const Plan plan = test::RandomPlan(seed).plan();
    const std::string text = toml_io::render_plan(plan);
    const auto parsed = toml_io::parse_plan(text, "plan.toml");
    CAPTURE(seed, text);
    REQUIRE(parsed.plan == plan);
    REQUIRE(parsed.diagnostics.empty());
    REQUIRE(parsed.task_lines.size() == plan.tasks.size());
    REQUIRE(toml_io::render_plan(parsed.plan) == text);
  }
}

TEST_CASE("every task file reads back as it was written") {
  for (unsigned seed = 0; seed < 500; ++seed) {
    test::RandomPlan random(seed);
    TaskFile file{random.text(),       random.text(),       random.text(),
                  random.list(),       random.list(),       random.list(true),
                  random.list(true),   random.list(true),   random.list(),
                  random.maybe_text(), random.maybe_text(), random.maybe_text(),
                  random.maybe_text(), std::nullopt,        random.text(),
                  random.text(),       random.text(),       "v1",
                  random.list(true),   random.time()};
    if (random.chance(50)) file.priority = Priority::low;
    const std::string text = toml_io::render_task_file(file);
    CAPTURE(seed, text);
    Diagnostics diagnostics;
    REQUIRE(toml_io::parse_task_file(text, "task file", &diagnostics) == file);
    REQUIRE(diagnostics.empty());
  }
}

TEST_CASE("quoted text stands on one line without control characters, and comes back") {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    test::RandomPlan random(seed);
    const std::string text = random.text();
    const std::string quoted = toml_io::quote(text);
    CAPTURE(seed, quoted);
    for (const char c : quoted) REQUIRE(static_cast<unsigned char>(c) >= 0x20);
    REQUIRE(toml_io::parse_list("[" + quoted + "]") == std::vector<std::string>{text});
  }
  CHECK(toml_io::quote("a\"b\\c\n\t\x01\x7f\xc2\x85") == R"("a\"b\\c\n\t\u0001\u007F\u0085")");
}

TEST_CASE("text that is not UTF-8 is refused before it is written") {
  CHECK_THROWS_AS(toml_io::quote("caf\xe9"), Error);
  Plan plan;
  plan.user_request = "\xff";
  CHECK_THROWS_WITH(toml_io::render_plan(plan), R"('\xff' is not UTF-8 text)");
}

TEST_CASE("a list literal is read, and nothing else") {
  CHECK(toml_io::parse_list("[]") == std::vector<std::string>{});
  CHECK(toml_io::parse_list("['a', \"b\"]") == std::vector<std::string>{"a", "b"});
  for (const char* other : {"", "a", "[1]", "[\"a\"", "\"a\"", "[]\nx = 1", "{}", "[['a']]"}) {
    CAPTURE(other);
    CHECK_FALSE(toml_io::parse_list(other));
  }
}
