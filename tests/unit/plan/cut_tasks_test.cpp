#include "plan/cut_tasks.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <numeric>

#include "plan/toml.hpp"
#include "unit/plan/random_plan.hpp"

using namespace gitplan;
using namespace gitplan::toml_io;
using gitplan::test::RandomPlan;

namespace {

constexpr std::string_view text = R"(session_id = "s"

# First.
[[tasks]]
id = "001"

[tasks.extra]
a = 1

# Not of the second.

# Of the second.
[[tasks]]
id = "002" # two

[other]
b = 2

[[tasks]]
id = "003"
)";

}  // namespace

TEST_CASE("a task is cut out with its comments and sub-tables, and what is around it stays") {
  const std::array<std::size_t, 1> first{0};
  const auto cut = cut_tasks(text, first);
  REQUIRE(cut);
  CHECK(cut->pieces == std::vector<std::string>{
                           "# First.\n[[tasks]]\nid = \"001\"\n\n[tasks.extra]\na = 1\n\n# Not of "
                           "the second.\n"});
  const std::array<std::size_t, 2> others{1, 2};
  const auto two = cut_tasks(text, others);
  REQUIRE(two);
  CHECK(two->pieces == std::vector<std::string>{"# Of the second.\n[[tasks]]\nid = \"002\" # two\n",
                                                "[[tasks]]\nid = \"003\"\n"});
  CHECK(two->rest ==
        "session_id = \"s\"\n\n# First.\n[[tasks]]\nid = \"001\"\n\n[tasks.extra]\na "
        "= 1\n\n# Not of the second.\n\n[other]\nb = 2\n");
}

TEST_CASE("pieces go behind the last task") {
  const std::array<std::string, 1> piece{"# New.\n[[tasks]]\nid = \"004\"\n"};
  CHECK(append_pieces("[[tasks]]\nid = \"001\"", piece) ==
        "[[tasks]]\nid = \"001\"\n\n# New.\n[[tasks]]\nid = \"004\"\n");
  CHECK(append_pieces("", piece) == piece[0]);
  CHECK(append_pieces("[[tasks]]\nid = \"1\"\n[other]\n", piece) ==
        "[[tasks]]\nid = \"1\"\n\n# New.\n[[tasks]]\nid = \"004\"\n\n[other]\n");
}

TEST_CASE("tasks that are no tables of their own are not cut") {
  const std::array<std::size_t, 1> first{0};
  CHECK_FALSE(cut_tasks("tasks = [{ id = \"001\" }]\n", first));
  CHECK_FALSE(cut_tasks("a = 1\n", first));
  CHECK(cut_tasks("tasks = [{ id = \"001\" }]\n", {})->rest == "tasks = [{ id = \"001\" }]\n");
}

TEST_CASE("a plan that is cut up and put together says the same") {
  for (unsigned seed = 0; seed < 200; ++seed) {
    RandomPlan random(seed);
    const Plan plan = random.plan();
    const std::string whole = render_plan(plan);
    std::vector<std::size_t> all(plan.tasks.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    const auto cut = cut_tasks(whole, all);
    REQUIRE(cut);
    CHECK(parse_plan(cut->rest, "rest").plan.tasks.empty());
    CHECK(parse_plan(append_pieces(cut->rest, cut->pieces), "both").plan ==
          parse_plan(whole, "whole").plan);
  }
}
