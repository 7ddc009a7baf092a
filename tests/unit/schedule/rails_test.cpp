#include "schedule/rails.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "plan/ids.hpp"
#include "unit/schedule/plans.hpp"

namespace gitplan::schedule {
namespace {

using namespace tests;

Rails rails(const Plan& plan, const Names& given, int most) {
  const Graph graph(plan, given);
  const Drawing drawing = drawing_of(graph, compute_waves(graph));
  return rails_of(drawing, lay_out(drawing), most);
}

bool has(const std::vector<int>& rails, int rail) {
  return std::find(rails.begin(), rails.end(), rail) != rails.end();
}

TEST_CASE("a rail runs from a task to the last that waits for it") {
  const Rails drawn = rails(plan_of({task("001", {}, {"a"}), task("002", {"a"}, {}),
                                     task("003", {}, {}), task("004", {"a"}, {})}),
                            {}, 10);
  REQUIRE(drawn.rows.size() == 4);
  CHECK(drawn.count == 1);
  CHECK(drawn.rows[0].task == 0);
  CHECK(drawn.rows[0].begun == 0);
  CHECK(drawn.rows[1].task == 2);  // wave 1 comes first
  CHECK(drawn.rows[1].passing == std::vector<int>{0});
  CHECK(drawn.rows[2].joined == std::vector<int>{0});
  CHECK(drawn.rows[3].ended == std::vector<int>{0});
}

TEST_CASE("where there is no room for a rail, the predecessor is named") {
  const Rails drawn =
      rails(plan_of({task("001", {}, {"a"}), task("002", {}, {"b"}), task("003", {"a", "b"}, {})}),
            {}, 1);
  CHECK(drawn.count == 1);
  CHECK(drawn.rows[2].unrailed.size() == 1);
  CHECK(drawn.rows[2].ended.size() == 1);
  CHECK(rails(Plan(), {}, 5).rows.empty());
}

TEST_CASE("a task that a whole wave waits for is not the one to go without a rail") {
  Plan plan = plan_of({task("001", {}, {"root"})});
  std::vector<std::string> all;
  for (int i = 2; i < 20; ++i) {
    all.push_back(fmt::format("c{}", i));
    plan.tasks.push_back(
        task(format_task_id(static_cast<std::uint32_t>(i)), {"root"}, {all.back()}));
  }
  plan.tasks.push_back(task("020", all, {}));
  const Rails drawn = rails(plan, {}, 5);
  CHECK(drawn.rows[0].begun.has_value());
  for (std::size_t row = 1; row < 19; ++row) CHECK(drawn.rows[row].unrailed.empty());
  CHECK(drawn.rows[19].ended.size() == 4);
}

/// Follows each rail down the rows.
TEST_CASE("every edge is either a rail from one task to the other or named") {
  for (unsigned seed = 0; seed < 200; ++seed) {
    Random dice(seed);
    const RandomPlan random = random_plan(dice);
    const Graph graph(random.plan, random.given);
    const Drawing drawing = drawing_of(graph, compute_waves(graph));
    const int most = static_cast<int>(seed % 6);
    const Rails drawn = rails_of(drawing, lay_out(drawing), most);
    REQUIRE(drawn.count <= most);
    REQUIRE(drawn.rows.size() == random.plan.tasks.size());
    std::vector<std::optional<TaskIndex>> running(static_cast<std::size_t>(most));
    for (const auto& row : drawn.rows) {
      Tasks found = row.unrailed;
      for (int rail = 0; rail < most; ++rail) {
        auto& task = running[static_cast<std::size_t>(rail)];
        const bool leads = has(row.joined, rail) || has(row.ended, rail);
        REQUIRE((leads || has(row.passing, rail)) == task.has_value());
        if (leads) found.push_back(*task);
        if (has(row.ended, rail)) task.reset();
        if (row.begun == rail) {
          REQUIRE_FALSE(task);
          task = row.task;
        }
      }
      Tasks expected(drawing.predecessors[row.task].begin(), drawing.predecessors[row.task].end());
      std::sort(expected.begin(), expected.end());
      std::sort(found.begin(), found.end());
      REQUIRE(found == expected);
    }
    REQUIRE(std::none_of(running.begin(), running.end(),
                         [](const auto& task) { return task.has_value(); }));
  }
}

}  // namespace
}  // namespace gitplan::schedule
