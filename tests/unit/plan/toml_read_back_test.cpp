#include "plan/toml_read_back.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "base/text.hpp"

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
                                             Plan after) {
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

/// Some lines of the text gone, doubled, or others'.
std::string with_other_lines(std::string_view text, std::mt19937& random) {
  std::string edited;
  const std::vector<std::string_view> lines = text::split(text, '\n');
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto chance = random() % 40;
    if (chance == 0) continue;
    if (chance == 1) edited.append(lines[random() % lines.size()]).append("\n");
    edited.append(chance == 2 ? lines[random() % lines.size()] : lines[i]);
    if (i + 1 < lines.size()) edited += '\n';
  }
  return edited;
}

bool same_places(const toml_io::Layout& one, const toml_io::Layout& other) {
  return std::ranges::equal(one.tables, other.tables,
                            [](const toml_io::Table& a, const toml_io::Table& b) {
                              return a.name.first == b.name.first && a.name.parts == b.name.parts &&
                                     a.is_element == b.is_element && a.header == b.header;
                            });
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

TEST_CASE("an edited text is placed as a scan of the whole of it places it") {
  std::string old = two_tasks;
  for (int i = 3; i < 9; ++i)
    old += "\n[[tasks]]\n# '''\nid = \"00" + std::to_string(i) +
           "\"\n[tasks.more]\na = \"\"\"\n[[tasks]]\n\"\"\"\n";
  toml_io::Layout before;
  REQUIRE_FALSE(toml_io::scan(old, &before));
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same texts each time
  int readable = 0;
  for (int round = 0; round < 2000; ++round) {
    const std::string edited = with_other_lines(old, random);
    CAPTURE(edited);
    toml_io::Layout whole;
    toml_io::Layout part;
    const auto failure = toml_io::scan(edited, &whole);
    const auto same = toml_io::scan_edited({old, &before}, edited, &part);
    REQUIRE(failure.has_value() == same.has_value());
    if (failure) {
      CHECK(failure->position == same->position);
      continue;
    }
    ++readable;
    CHECK(same_places(whole, part));
    CHECK(part.pairs.size() >= part.tables.front().end_pair);
    CHECK(whole.tables.front().end_pair == part.tables.front().end_pair);
  }
  CHECK(readable > 500);
}
