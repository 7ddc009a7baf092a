#include "schedule/waves.hpp"

#include <catch2/catch.hpp>

#include "unit/schedule/oracle.hpp"

using namespace gitplan;
using namespace gitplan::schedule;
using namespace gitplan::schedule::tests;

namespace {

using WaveLists = std::vector<Tasks>;

std::string why(const Waves& waves, TaskIndex task) {
  for (const Waves::Unreachable& unreachable : waves.unreachable) {
    if (unreachable.task == task) return unreachable.reason;
  }
  return "reachable";
}

}  // namespace

TEST_CASE("the first plan runs in three waves: 001 | 002 003 | 004 005") {
  const Plan plan = authentication();
  const Waves waves = compute_waves(Graph(plan, {}));
  CHECK(waves.waves == WaveLists{{0}, {1, 2}, {3, 4}});
  CHECK(waves.wave_of == std::vector<int>{1, 2, 2, 3, 3});
  CHECK(waves.unreachable.empty());
}

TEST_CASE("waves do not change with progress") {
  Plan plan = authentication();
  plan.tasks[0].status = Status::completed;
  plan.tasks[1].status = Status::failed;
  plan.tasks[2].status = Status::cancelled;
  CHECK(compute_waves(Graph(plan, {})).waves == WaveLists{{0}, {1, 2}, {3, 4}});
}

TEST_CASE("what is given moves tasks to earlier waves") {
  const Plan plan = authentication();
  const Names given = {"JWT tokens", "AuthService.login"};
  CHECK(compute_waves(Graph(plan, given)).waves == WaveLists{{0, 3, 4}, {1, 2}});
}

TEST_CASE("depends_on stands beside preconditions, and the later of both decides") {
  const Plan plan =
      plan_of({task("001", {}, {"x"}), task("002", {"x"}, {}), task("003", {"x"}, {}, {"2"})});
  CHECK(compute_waves(Graph(plan, {})).waves == WaveLists{{0}, {1}, {2}});
}

TEST_CASE("any one provider will do: the earliest decides on the wave") {
  const Plan plan = plan_of({task("001", {}, {"x"}), task("002", {}, {}, {"1"}),
                             task("003", {}, {"x"}, {"2"}), task("004", {"x"}, {})});
  CHECK(compute_waves(Graph(plan, {})).waves == WaveLists{{0}, {1, 3}, {2}});
}

TEST_CASE("a precondition that nobody provides makes its task and what waits for it unreachable") {
  const Plan plan = plan_of({task("001", {"Redis"}, {"cache"}), task("002", {"cache"}, {}),
                             task("003", {}, {}, {"002"}), task("004", {}, {})});
  const Waves waves = compute_waves(Graph(plan, {}));
  CHECK(waves.waves == WaveLists{{3}});
  CHECK(why(waves, 0) == "no task provides 'Redis'");
  CHECK(why(waves, 1) == "waits for 001, which is unreachable");
  CHECK(why(waves, 2) == "waits for 002, which is unreachable");
  CHECK(waves.wave_of == std::vector<int>{0, 0, 0, 1});
}

TEST_CASE("a task that depends on one that is not there is unreachable") {
  const Plan plan = plan_of({task("001", {}, {}, {"009"})});
  CHECK(why(compute_waves(Graph(plan, {})), 0) == "depends on '009', which is not in the plan");
}

TEST_CASE("tasks of a cycle are unreachable, and the reason names it in order") {
  const Plan plan = plan_of({task("001", {}, {}), task("002", {"d"}, {"b"}), task("003", {"b"}, {}),
                             task("004", {"b"}, {"d"})});
  const Waves waves = compute_waves(Graph(plan, {}));
  CHECK(why(waves, 1) == "in the cycle 002 -> 004 -> 002");
  CHECK(why(waves, 3) == "in the cycle 002 -> 004 -> 002");
  CHECK(why(waves, 2) == "waits for 002, which is unreachable");
}

TEST_CASE("the reason leads to the root of the trouble, past a cycle that it causes") {
  // 001 needs x of 002 or 003; 002 waits for 001, and 003 for what nobody provides.
  const Plan plan = plan_of(
      {task("001", {"x"}, {}), task("002", {}, {"x"}, {"001"}), task("003", {"Redis"}, {"x"})});
  const Waves waves = compute_waves(Graph(plan, {}));
  CHECK(why(waves, 0) == "waits for 003, which is unreachable");
  CHECK(why(waves, 1) == "waits for 001, which is unreachable");
  CHECK(why(waves, 2) == "no task provides 'Redis'");
  CHECK(find_cycles(Graph(plan, {}), waves).empty());
}

TEST_CASE("a plan without tasks has no waves") {
  const Plan plan;
  const Waves waves = compute_waves(Graph(plan, {}));
  CHECK(waves.waves.empty());
  CHECK(waves.unreachable.empty());
}

TEST_CASE("reasons are printable") {
  const Plan plan = plan_of({task("001", {"x\x1b[31m"}, {})});
  CHECK(why(compute_waves(Graph(plan, {})), 0) == "no task provides 'x\\x1b[31m'");
}

TEST_CASE("waves are the least fixpoint, as found by running the plan") {
  Random random(2025);
  int unreachable = 0;
  for (int round = 0; round < 2000; ++round) {
    const RandomPlan made = random_plan(random);
    const Waves waves = compute_waves(Graph(made.plan, made.given));
    REQUIRE(waves.wave_of == waves_by_running(made));

    std::vector<int> listed(made.plan.tasks.size());
    for (std::size_t wave = 0; wave < waves.waves.size(); ++wave) {
      CHECK(std::is_sorted(waves.waves[wave].begin(), waves.waves[wave].end()));
      CHECK_FALSE(waves.waves[wave].empty());
      for (const TaskIndex task : waves.waves[wave]) listed[task] = static_cast<int>(wave) + 1;
    }
    CHECK(listed == waves.wave_of);
    for (const Waves::Unreachable& reported : waves.unreachable) {
      CHECK(waves.wave_of[reported.task] == 0);
      CHECK_FALSE(reported.reason.empty());
    }
    const auto lost = std::count(waves.wave_of.begin(), waves.wave_of.end(), 0);
    CHECK(static_cast<std::ptrdiff_t>(waves.unreachable.size()) == lost);
    if (lost > 0) ++unreachable;
  }
  CHECK(unreachable > 200);  // or the generator makes nothing of interest
}

TEST_CASE("twenty thousand tasks blocked by one capability are told so in linear time") {
  Plan plan = plan_of({});
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    plan.tasks.push_back(task(format_task_id(2 * i), {"Redis"}, {"x"}));
    plan.tasks.push_back(task(format_task_id(2 * i + 1), {"x"}, {}));
  }
  const Waves waves = compute_waves(Graph(plan, {}));
  CHECK(waves.unreachable.size() == 40'000);
  CHECK(why(waves, 1) == "waits for 000, which is unreachable");
}

TEST_CASE(
    "a chain of a hundred thousand tasks is followed without recursion, a cycle of them too") {
  Plan plan = plan_of({task("0", {}, {})});
  for (std::uint32_t i = 1; i < 100'000; ++i) {
    plan.tasks.push_back(task(format_task_id(i), {}, {}, {format_task_id(i - 1)}));
  }
  CHECK(compute_waves(Graph(plan, {})).waves.size() == 100'000);
  plan.tasks[0].depends_on = {"99999"};
  const Graph graph(plan, {});
  const Waves waves = compute_waves(graph);
  CHECK(waves.unreachable.size() == 100'000);
  CHECK(waves.unreachable[50'000].reason.size() < 200);
  CHECK(find_cycles(graph, waves).at(0).size() == 100'001);
}
