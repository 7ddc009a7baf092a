#include "schedule/layered_layout.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "unit/schedule/plans.hpp"

namespace gitplan::schedule {
namespace {

using namespace tests;

Drawing draw(const Plan& plan, const Names& given = {}) {
  const Graph graph(plan, given);
  return drawing_of(graph, compute_waves(graph));
}

/// Every pair of segments between two layers, one by one.
std::size_t crossings_by_hand(const LayeredLayout& layout) {
  struct Segment {
    int layer;
    std::size_t from;
    std::size_t to;
  };
  std::vector<std::size_t> rank(layout.layer_of.size());
  for (const auto& layer : layout.layers) {
    for (std::size_t i = 0; i < layer.size(); ++i) rank[layer[i]] = i;
  }
  std::vector<Segment> segments;
  for (const auto& line : layout.lines) {
    std::vector<LayeredLayout::Node> way{line.from};
    way.insert(way.end(), line.bends.begin(), line.bends.end());
    way.push_back(line.to);
    for (std::size_t i = 0; i + 1 < way.size(); ++i)
      segments.push_back({layout.layer_of[way[i]], rank[way[i]], rank[way[i + 1]]});
  }
  std::size_t crossings = 0;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const Segment& a = segments[i];
      const Segment& b = segments[j];
      if (a.layer == b.layer &&
          ((a.from < b.from && a.to > b.to) || (a.from > b.from && a.to < b.to)))
        ++crossings;
    }
  }
  return crossings;
}

TEST_CASE("lines that need not cross do not") {
  // Two pairs, the wrong way round in the plan.
  const LayeredLayout layout =
      lay_out(draw(plan_of({task("001", {}, {"a"}), task("002", {}, {"b"}), task("003", {"b"}, {}),
                            task("004", {"a"}, {})})));
  CHECK(count_crossings(layout) == 0);
  CHECK(layout.position[0] == Approx(layout.position[3]));
  CHECK(layout.position[1] == Approx(layout.position[2]));
}

TEST_CASE("a line over several layers bends in each of them") {
  const LayeredLayout layout = lay_out(
      draw(plan_of({task("001", {}, {"a"}), task("002", {}, {"x"}), task("003", {"a"}, {"b"}),
                    task("004", {"b"}, {"c"}), task("005", {"c", "x"}, {})})));
  const auto line = std::find_if(layout.lines.begin(), layout.lines.end(),
                                 [](const auto& one) { return one.from == 1 && one.to == 4; });
  REQUIRE(line != layout.lines.end());
  REQUIRE(line->bends.size() == 2);
  CHECK(layout.layer_of[line->bends[0]] == 1);
  CHECK(layout.layer_of[line->bends[1]] == 2);
  CHECK(layout.position[line->bends[0]] == Approx(layout.position[line->bends[1]]).margin(0.02));
}

TEST_CASE("a plan without tasks is laid out as nothing") {
  const LayeredLayout layout = lay_out(draw(Plan()));
  CHECK(layout.layers.empty());
  CHECK(layout.extent == 0);
}

TEST_CASE("places are in order, apart, and where they are wanted if that goes") {
  using Doubles = std::vector<double>;
  const Doubles ones(3, 1);
  CHECK(place(Doubles{1, 5, 9}, ones, ones) == Doubles{1, 5, 9});
  const Doubles crowded = place(Doubles{4, 4, 4}, ones, ones);
  CHECK(crowded[0] == Approx(3));
  CHECK(crowded[1] == Approx(4));
  CHECK(crowded[2] == Approx(5));
  const Doubles turned = place(Doubles{9, 1}, Doubles{3, 1}, Doubles{1, 1});
  CHECK(turned[1] - turned[0] == Approx(1));
  CHECK(turned[0] == Approx((3 * 9 + 1 * 0) / 4.0));
  CHECK(place({}, {}, {}).empty());
}

TEST_CASE("any plan is laid out: every task once in its layer, nothing upon another") {
  for (unsigned seed = 0; seed < 300; ++seed) {
    Random dice(seed);
    const RandomPlan random = random_plan(dice);
    const Drawing drawing = draw(random.plan, random.given);
    const LayeredLayout layout = lay_out(drawing);
    const std::size_t tasks = random.plan.tasks.size();
    std::vector<int> seen(layout.layer_of.size());
    for (std::size_t layer = 0; layer < layout.layers.size(); ++layer) {
      for (std::size_t i = 0; i < layout.layers[layer].size(); ++i) {
        const auto node = layout.layers[layer][i];
        ++seen[node];
        REQUIRE(layout.layer_of[node] == static_cast<int>(layer));
        REQUIRE(layout.position[node] >= 0.5 - 1e-6);
        REQUIRE(layout.position[node] <= layout.extent - 0.5 + 1e-6);
        if (i == 0) continue;
        const auto before = layout.layers[layer][i - 1];
        const double room = ((node < tasks ? 1 : bend_room) + (before < tasks ? 1 : bend_room)) / 2;
        REQUIRE(layout.position[node] - layout.position[before] >= room - 1e-6);
      }
    }
    REQUIRE(std::all_of(seen.begin(), seen.end(), [](int count) { return count == 1; }));
    std::size_t edges = 0;
    for (TaskIndex task = 0; task < tasks; ++task) edges += drawing.predecessors[task].size();
    REQUIRE(layout.lines.size() == edges);
    REQUIRE(count_crossings(layout) == crossings_by_hand(layout));
  }
}

TEST_CASE("the same plan is laid out the same way") {
  Random dice(7);
  const RandomPlan random = random_plan(dice);
  const LayeredLayout one = lay_out(draw(random.plan, random.given));
  const LayeredLayout two = lay_out(draw(random.plan, random.given));
  CHECK(one.position == two.position);
  CHECK(one.layers == two.layers);
}

TEST_CASE("a chain of a thousand with a line from each to the last is laid out") {
  std::vector<Task> tasks;
  Names all;
  constexpr int length = 1000;
  for (int i = 1; i <= length; ++i) {
    Names needs;
    if (i > 1) needs.push_back(all.back());
    if (i == length) needs = all;
    all.push_back(fmt::format("c{}", i));
    tasks.push_back(task(fmt::format("{:03}", i), needs, {all.back()}));
  }
  const LayeredLayout layout = lay_out(draw(plan_of(tasks)));
  CHECK(layout.lines.size() == length - 1);  // the others are implied
  CHECK(layout.extent == Approx(1));
}

}  // namespace
}  // namespace gitplan::schedule
