#include "schedule/overlap.hpp"

#include <catch2/catch.hpp>

#include "unit/schedule/plans.hpp"

using namespace gitplan;
using namespace gitplan::schedule;
using namespace gitplan::schedule::tests;

namespace {

bool overlap(std::string_view a, std::string_view b) {
  const bool found = paths_overlap(a, b);
  CHECK(found == paths_overlap(b, a));
  return found;
}

}  // namespace

TEST_CASE("the same path overlaps, however it is spelled") {
  CHECK(overlap("src/a.c", "src/a.c"));
  CHECK(overlap("./src//a.c", "src/./a.c"));
  CHECK(overlap("/src/a.c", "src/a.c"));
  CHECK(overlap("src/x/../a.c", "src/a.c"));
  CHECK(overlap("src\\/a.c", "src\\/a.c"));
  CHECK_FALSE(overlap("src/a.c", "src/b.c"));
  CHECK_FALSE(overlap("src/a.c", "src/A.c"));
}

TEST_CASE("a folder overlaps with what is in it, not with names that only start alike") {
  CHECK(overlap("src", "src/a.c"));
  CHECK(overlap("src/", "src/deep/er/a.c"));
  CHECK(overlap("src/v1.2", "src/v1.2/a.c"));
  CHECK_FALSE(overlap("src", "src2/a.c"));
  CHECK_FALSE(overlap("src/a", "src/a.c"));
}

TEST_CASE("the top of the tree overlaps with everything, an empty entry with nothing") {
  CHECK(overlap(".", "src/a.c"));
  CHECK(overlap("./", "**/*.md"));
  CHECK(overlap("**", "a.c"));
  CHECK_FALSE(overlap("", "a.c"));
  CHECK_FALSE(overlap("", ""));
  CHECK_FALSE(overlap("  ", "."));
}

TEST_CASE("* and ? stay within a component") {
  CHECK(overlap("src/*.c", "src/a.c"));
  CHECK(overlap("src/?.c", "src/a.c"));
  CHECK_FALSE(overlap("src/*.c", "src/deep/a.c"));
  CHECK_FALSE(overlap("src/*", "src/deep/a.c"));
  CHECK_FALSE(overlap("src/?.c", "src/ab.c"));
  CHECK(overlap("src/?.c", "src/ä.c"));
  CHECK_FALSE(overlap("*.c", "*.h"));
  CHECK(overlap("a*.c", "*b.c"));
}

TEST_CASE("** spans any number of components, none too") {
  CHECK(overlap("src/**/a.c", "src/a.c"));
  CHECK(overlap("src/**/a.c", "src/x/y/a.c"));
  CHECK(overlap("**/*.md", "docs/index.md"));
  CHECK(overlap("src/**", "src/x/y.c"));
  CHECK(overlap("src/**", "src"));
  CHECK_FALSE(overlap("src/**", "tests/a.c"));
  CHECK_FALSE(overlap("**/*.md", "**/*.txt"));
}

TEST_CASE("a folder overlaps with a glob for files in it") {
  CHECK(overlap("src", "src/*.c"));
  CHECK(overlap("src", "**/*.c"));
  CHECK(overlap("src/mod*/", "src/module1/a.c"));
  CHECK_FALSE(overlap("docs", "src/*.c"));
}

TEST_CASE("a file is not taken for a folder that a glob could look into") {
  CHECK_FALSE(overlap("**/*.md", "src/main.c"));
  CHECK_FALSE(overlap("*/*.md", "main.c"));
  CHECK_FALSE(overlap("**/test_*", "tests/data.json"));
  CHECK(overlap("**/*.md", "src/main.c/"));
  CHECK(overlap("v*.2/x", "v1.2"));
  CHECK(overlap("v1.2/*.c", "v1.2"));
}

TEST_CASE("character classes are gitignore's") {
  CHECK(overlap("[a-c].c", "b.c"));
  CHECK_FALSE(overlap("[a-c].c", "d.c"));
  CHECK(overlap("[!a].c", "b.c"));
  CHECK(overlap("[^a].c", "b.c"));
  CHECK_FALSE(overlap("[!a].c", "a.c"));
  CHECK(overlap("[!a]x", "!x"));
  CHECK(overlap("[]].c", "].c"));
  CHECK(overlap("[!]]x", "ax"));
  CHECK_FALSE(overlap("[!]]?", "]x"));
  CHECK(overlap("[a-]x", "-x"));
  CHECK(overlap("[\\]]x", "]x"));
  CHECK(overlap("[[:digit:]_]x", "7x"));
  CHECK_FALSE(overlap("[[:digit:]]x", "ax"));
  CHECK_FALSE(overlap("[[:upper:]]", "[[:lower:]]"));
  CHECK_FALSE(overlap("[a-c]", "[d-f]"));
  CHECK(overlap("[a-d]", "[d-f]"));
  CHECK_FALSE(overlap("[b-a]*", "b"));  // matches nothing
  CHECK_FALSE(overlap("[b-a]*", "[b-a]*"));
}

TEST_CASE("brackets may be part of a name") {
  CHECK(overlap("app/[slug]/page.tsx", "app/[slug]/page.tsx"));
  CHECK(overlap("app/[slug]", "app/[slug]/page.tsx"));
  CHECK(overlap("app/[slug]/page.tsx", "app/*/page.tsx"));
  CHECK(overlap("app/[open", "app/[open/x"));
  CHECK_FALSE(overlap("app/[slug]/page.tsx", "app/[slug]/layout.tsx"));
}

TEST_CASE("a backslash quotes") {
  CHECK(overlap("\\*.c", "*.c"));
  CHECK_FALSE(overlap("\\*.c", "a.c"));
  CHECK(overlap("a\\[1\\]", "a\\[1]/x"));
}

TEST_CASE("bytes that are not UTF-8 are characters of their own") {
  CHECK(overlap("a\xff.c", "a?.c"));
  CHECK(overlap("a\xff.c", "a[!b].c"));
  CHECK_FALSE(overlap("a\xff?", "aÿ?"));
}

TEST_CASE("paths no file can have are no work and no overlap") {
  const std::string longest(5000, 'a');
  CHECK_FALSE(overlap(longest, longest));
  // Would take for ever by backtracking.
  std::string stars;
  std::string letters;
  for (int i = 0; i < 500; ++i) {
    stars += "*a";
    letters += "a";
  }
  CHECK_FALSE(overlap(stars + "b", letters + "*c"));
  std::string deep;
  for (int i = 0; i < 300; ++i) deep += "**/a/";
  CHECK_FALSE(overlap(deep + "*.b", deep + "*.c"));
}

TEST_CASE("overlapping lists the entries of the first side, as written") {
  const Names a = {"src/./a.c", "docs", "tests/x.c"};
  const Names b = {"src/*.c", "docs/index.md"};
  CHECK(overlapping(a, b) == Names{"src/./a.c", "docs"});
  CHECK(overlapping(b, a) == b);
  CHECK(overlapping(a, Names{}).empty());
}

TEST_CASE("pairs of tasks that overlap are found in order, with the first one's files") {
  Plan plan =
      plan_of({task("001", {}, {}), task("002", {}, {}), task("003", {}, {}), task("004", {}, {})});
  plan.tasks[0].files = {"src/a.c", "src/b.c"};
  plan.tasks[1].files = {"docs"};
  plan.tasks[2].files = {"src/*.c", "docs/x.md"};
  plan.tasks[3].files = {"src/b.c", "src/b.c"};
  const Tasks all = {0, 1, 2, 3};
  GlobWork work;
  const auto found = find_overlaps(plan, all, 10, work);
  REQUIRE(found.size() == 4);
  CHECK((found[0].first == 0 && found[0].second == 2));
  CHECK(found[0].files == Names{"src/a.c", "src/b.c"});
  CHECK((found[1].first == 0 && found[1].second == 3));
  CHECK(found[1].files == Names{"src/b.c"});
  CHECK((found[2].first == 1 && found[2].second == 2));
  CHECK((found[3].first == 2 && found[3].second == 3));
  CHECK(found[3].files == Names{"src/*.c"});
  CHECK(find_overlaps(plan, all, 2, work).size() == 2);
  CHECK(find_overlaps(plan, Tasks{0, 1}, 10, work).empty());
}

TEST_CASE("globs without number or end take a bounded time: what is not compared is held back") {
  Plan plan;
  Tasks all;
  std::string glob;
  for (int i = 0; i < 1000; ++i) glob += "?*";
  for (std::uint32_t i = 0; i < 200; ++i) {
    plan.tasks.push_back(task(format_task_id(i), {}, {}));
    plan.tasks[i].files = {glob + static_cast<char>('a' + i % 26)};
    all.push_back(i);
  }
  GlobWork work;
  find_overlaps(plan, all, 100, work);
  CHECK(work.left == 0);
  CHECK(find_overlaps(plan, all, 100, work).empty());
  CHECK(overlapping(plan.tasks[0].files, plan.tasks[1].files) == plan.tasks[0].files);
  CHECK_FALSE(paths_overlap(plan.tasks[0].files[0], plan.tasks[1].files[0]));
}

TEST_CASE("forty thousand literal paths are searched without comparing all pairs") {
  Plan plan;
  Tasks all;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    plan.tasks.push_back(task(format_task_id(i), {}, {}));
    plan.tasks[i].files = {fmt::format("src/m{}/f{}.c", i % 100, i), fmt::format("tests/t{}.c", i)};
    all.push_back(i);
  }
  GlobWork work;
  CHECK(find_overlaps(plan, all, 100, work).empty());
  for (Task& task : plan.tasks) task.files.emplace_back("src");
  CHECK(find_overlaps(plan, all, 100, work).size() == 100);
}
