#include "schedule/reduction.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "schedule/chosen_edges.hpp"
#include "unit/schedule/plans.hpp"

namespace gitplan::schedule {
namespace {

using namespace tests;

std::vector<std::set<TaskIndex>> ancestors_of(const Rows& predecessors,
                                              const std::vector<int>& layer_of) {
  std::vector<TaskIndex> order(predecessors.size());
  for (TaskIndex i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](TaskIndex a, TaskIndex b) { return layer_of[a] < layer_of[b]; });
  std::vector<std::set<TaskIndex>> ancestors(predecessors.size());
  for (const TaskIndex task : order) {
    for (const TaskIndex predecessor : predecessors[task]) {
      ancestors[task].insert(predecessor);
      ancestors[task].insert(ancestors[predecessor].begin(), ancestors[predecessor].end());
    }
  }
  return ancestors;
}

Tasks row(const Rows& rows, TaskIndex task) { return {rows[task].begin(), rows[task].end()}; }

TEST_CASE("an edge that a longer way implies is left out") {
  const Plan plan = plan_of({task("001", {}, {"a"}), task("002", {"a"}, {"b"}),
                             task("003", {"a", "b"}, {}), task("004", {"a"}, {}, {"002"})});
  const Graph graph(plan, {});
  const Drawing drawing = drawing_of(graph, compute_waves(graph));
  CHECK(drawing.layers == 3);
  CHECK_FALSE(drawing.has_unreachable);
  CHECK(row(drawing.predecessors, 1) == Tasks{0});
  CHECK(row(drawing.predecessors, 2) == Tasks{1});
  CHECK(row(drawing.predecessors, 3) == Tasks{1});
}

TEST_CASE("what can never start stands in a last layer of its own") {
  const Plan plan = plan_of({task("001", {}, {"a"}), task("002", {"a", "c"}, {"b"}),
                             task("003", {"b"}, {"c"}), task("004", {"nobody's"}, {})});
  const Graph graph(plan, {});
  const Drawing drawing = drawing_of(graph, compute_waves(graph));
  CHECK(drawing.has_unreachable);
  CHECK(drawing.layers == 2);
  CHECK(drawing.layer_of == std::vector<int>{0, 1, 1, 1});
  CHECK(row(drawing.predecessors, 1) == Tasks{0});
  CHECK(row(drawing.predecessors, 2).empty());
}

TEST_CASE("a plan without tasks has no layers") {
  const Plan plan;
  const Graph graph(plan, {});
  CHECK(drawing_of(graph, compute_waves(graph)).layers == 0);
}

TEST_CASE("the reduced edges reach just what all edges reach, and none can go") {
  for (unsigned seed = 0; seed < 200; ++seed) {
    Random dice(seed);
    const RandomPlan random = random_plan(dice);
    const Graph graph(random.plan, random.given);
    const Waves waves = compute_waves(graph);
    const Rows all = predecessor_rows(graph, waves);
    const Drawing drawing = drawing_of(graph, waves);
    const Rows few = reduced(all, drawing.layer_of);
    const auto before = ancestors_of(all, drawing.layer_of);
    REQUIRE(ancestors_of(few, drawing.layer_of) == before);
    for (TaskIndex task = 0; task < graph.size(); ++task) {
      for (const TaskIndex one : few[task]) {
        for (const TaskIndex other : few[task]) REQUIRE_FALSE(before[other].contains(one));
      }
    }
  }
}

}  // namespace
}  // namespace gitplan::schedule
