#include "schedule/graph.hpp"

#include <catch2/catch.hpp>

#include "unit/schedule/plans.hpp"

using namespace gitplan;
using namespace gitplan::schedule;
using namespace gitplan::schedule::tests;

TEST_CASE("capabilities that differ in white space only are one") {
  const Plan plan =
      plan_of({task("001", {}, {" User \t model"}), task("002", {"User model "}, {})});
  const Graph graph(plan, {});
  REQUIRE(graph.capability_count() == 1);
  CHECK(graph.capability(0) == "User model");
  REQUIRE(graph.needs(1).size() == 1);
  const auto providers = graph.providers(graph.needs(1)[0].index);
  CHECK(Tasks(providers.begin(), providers.end()) == Tasks{0});
}

TEST_CASE("case makes capabilities differ") {
  const Plan plan = plan_of({task("001", {}, {"user"}), task("002", {"User"}, {})});
  const Graph graph(plan, {});
  CHECK(graph.providers(graph.needs(1)[0].index).empty());
}

TEST_CASE("what is given is no need") {
  const Plan plan = plan_of({task("001", {"Flask  app", "Redis"}, {"Flask app"})});
  const Graph graph(plan, Names{"Flask app"});
  REQUIRE(graph.needs(0).size() == 1);
  CHECK(graph.capability(graph.needs(0)[0].index) == "Redis");
  CHECK(graph.needs(0)[0].position == 1);
  CHECK(graph.is_given(0));
  CHECK_FALSE(graph.is_given(graph.needs(0)[0].index));
}

TEST_CASE("needs stand in order, preconditions first, each once") {
  const Plan plan =
      plan_of({task("001", {}, {"x"}), task("002", {"y", "x", "y "}, {}, {"1", "001", "9"})});
  const Graph graph(plan, {});
  const auto needs = graph.needs(1);
  REQUIRE(needs.size() == 4);
  CHECK(graph.capability(needs[0].index) == "y");
  CHECK(graph.capability(needs[1].index) == "x");
  CHECK(needs[2].kind == Need::Kind::task);
  CHECK(needs[2].index == 0);
  CHECK(needs[3].kind == Need::Kind::unknown_task);
  CHECK(needs[3].position == 2);
}

TEST_CASE("ids that are numerically equal name the same task, the first of them") {
  const Plan plan = plan_of({task("007", {}, {}), task("0007", {}, {}), task("008", {}, {}, {"7"}),
                             task("009", {}, {}, {"00007"}), task("x", {}, {}, {"x"})});
  const Graph graph(plan, {});
  CHECK(graph.needs(2)[0].index == 0);
  CHECK(graph.needs(3)[0].index == 0);
  CHECK(graph.needs(4)[0].index == 4);
}

TEST_CASE("an id of zeros only is a number too") {
  const Plan plan = plan_of({task("000", {}, {}), task("001", {}, {}, {"0"})});
  const Graph graph(plan, {});
  CHECK(graph.needs(1)[0].kind == Need::Kind::task);
}

TEST_CASE("a task that provides the same twice is one provider") {
  const Plan plan = plan_of({task("001", {}, {"x", " x"})});
  const Graph graph(plan, {});
  CHECK(graph.provides(0).size() == 1);
  CHECK(graph.providers(0).size() == 1);
}

TEST_CASE("a plan without tasks makes an empty graph") {
  const Plan plan;
  const Graph graph(plan, {});
  CHECK(graph.size() == 0);
  CHECK(graph.capability_count() == 0);
}

TEST_CASE("one capability of very many providers and users stays one node") {
  Plan plan;
  for (std::uint32_t i = 0; i < 50'000; ++i)
    plan.tasks.push_back(task(format_task_id(i + 1), {}, {"x"}));
  for (std::uint32_t i = 50'000; i < 100'000; ++i) {
    plan.tasks.push_back(task(format_task_id(i + 1), {"x"}, {}));
  }
  const Graph graph(plan, {});
  CHECK(graph.providers(0).size() == 50'000);
  CHECK(graph.needs(99'999).size() == 1);
}
