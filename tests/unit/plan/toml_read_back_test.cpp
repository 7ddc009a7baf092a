#include "plan/toml_read_back.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace gitplan;

namespace {

constexpr const char* two_tasks = R"(session_id = "s"
version = 3

[[updates]]
version = 2
at = 2025-01-12T14:52:10Z
note = "a"

[[tasks]]
id = "001"
description = "One"

[[tasks]]
id = "002"
description = "Two"
mine = """
[[tasks]]
"""
)";

std::optional<toml_io::ParsedPlan> read_back(const std::string& old, const std::string& edited,
                                             const Plan& after) {
  toml_io::Layout layout;
  REQUIRE_FALSE(toml_io::scan(old, &layout));
  return toml_io::read_back({old, &layout}, edited, "plan.toml",
                            toml_io::parse_plan(old, "plan.toml").plan, after);
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

Plan after_of(const std::string& text) { return toml_io::parse_plan(text, "plan.toml").plan; }

}  // namespace

TEST_CASE("what an edit changed is read back without the rest") {
  const std::string edited = replaced(two_tasks, "\"Two\"", "\"Three\"\nstatus = \"failed\"");
  const auto read = read_back(two_tasks, edited, after_of(edited));
  REQUIRE(read);
  CHECK(read->plan == after_of(edited));
  CHECK(read->task_lines == toml_io::parse_plan(edited, "plan.toml").task_lines);
}

TEST_CASE("an edited text that says something else is not read back") {
  const std::string edited = replaced(two_tasks, "\"Two\"", "\"Three\"");
  CHECK_FALSE(read_back(two_tasks, edited, after_of(two_tasks)));
  CHECK_FALSE(read_back(two_tasks, two_tasks, after_of(edited)));
  CHECK_FALSE(
      read_back(two_tasks, replaced(edited, "version = 3", "version = 4"), after_of(edited)));
  CHECK_FALSE(
      read_back(two_tasks, replaced(edited, "note = \"a\"", "note = \"b\""), after_of(edited)));
  CHECK_FALSE(read_back(two_tasks, replaced(edited, "id = \"001\"", "id = \"001\"\nid = \"001\""),
                        after_of(edited)));
}

TEST_CASE("tables that are not a record each are not read back") {
  for (const std::string added :
       {"[tasks.more]\na = 1\n", "[other]\na = 1\n", "[[approvals]]\nversion = 1\n"}) {
    CAPTURE(added);
    CHECK_FALSE(read_back(two_tasks, two_tasks + added, after_of(two_tasks)));
  }
  const std::string in_line = "version = 1\ntasks = [{ id = \"001\", description = \"One\" }]\n";
  CHECK_FALSE(read_back(in_line, in_line, after_of(in_line)));
}
