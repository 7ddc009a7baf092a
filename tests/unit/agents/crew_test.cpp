#include "agents/crew.hpp"

#include <catch2/catch.hpp>

#include "unit/agents/memory_lot.hpp"

namespace gitplan::agents {
namespace {

using Names = std::vector<std::string>;

struct Scene {
  Seconds time = 1741089600;
  MemoryLot lot;
  Agents agents;
  AtWork at_work;

  Scene() {
    add("a", "b");
    add("b", "");
    add("default", "");
  }
  void add(const std::string& name, const std::string& fallback) {
    Agent agent;
    agent.name = name;
    agent.fallback = fallback;
    agents[name] = agent;
  }
  Crew run() {
    return {agents, "default", 24 * 3600, lot, [this] { return time; }};
  }
  /// Another run left it so.
  void was_parked(const std::string& agent, Seconds until) {
    lot.parkings[agent] = {time - 100, until, true, 1};
  }
};

TEST_CASE("who is not parked takes what wants it, as many at once as it may") {
  Scene scene;
  scene.agents["a"].most_at_once = 2;
  Crew crew = scene.run();
  CHECK(crew.taker("a", {}) == "a");
  CHECK(crew.taker("", {}) == "default");
  CHECK(crew.taker("a", {{"a", {1}}}) == "a");
  CHECK_FALSE(crew.taker("a", {{"a", {1, 1}}}));  // though its fallback could
  CHECK_FALSE(crew.taker("nobody", {}));
  CHECK_FALSE(crew.has_refused());
}

TEST_CASE("while an agent is parked its fallback takes over, and it has its own back after") {
  Scene scene;
  Crew crew = scene.run();
  crew.began("a");
  const auto news = crew.is_not_now("a", {scene.time + 3600, ""}, scene.time - 10);
  REQUIRE(news);
  CHECK(news->until == scene.time + 3600);
  CHECK(crew.taker("a", {}) == "b");
  CHECK_FALSE(crew.parked_until("a"));
  crew.began("b");
  crew.is_not_now("b", {scene.time + 1800, ""}, scene.time - 10);
  CHECK_FALSE(crew.taker("a", {}));
  CHECK(crew.has_refused());
  CHECK(crew.parked_until("a") == scene.time + 1800);
  CHECK(crew.taker("", {}) == "default");
  scene.time += 1800;
  CHECK(crew.look({}) == Names{"b"});
  CHECK(crew.taker("a", {}) == "b");
  scene.time += 1800;
  CHECK(crew.look({}) == Names{"a"});
  CHECK(crew.look({}).empty());
  CHECK(crew.taker("a", {{"a", {scene.time}}}) == "a");
}

TEST_CASE("a hundred that say so at once park their agent once") {
  Scene scene;
  Crew crew = scene.run();
  int told = 0;
  for (int i = 0; i < 100; ++i) told += crew.is_not_now("a", {}, scene.time - 1) ? 1 : 0;
  CHECK(told == 1);
  CHECK(scene.lot.parkings.at("a").until == scene.time + 60);
  CHECK(scene.lot.parkings.at("a").times == 1);
  // One that knows the time is heard.
  CHECK(crew.is_not_now("a", {scene.time + 3600, ""}, scene.time - 1));
  CHECK_FALSE(crew.is_not_now("a", {scene.time + 3630, ""}, scene.time - 1));
}

TEST_CASE("one that named no time is asked by one task, before others follow") {
  Scene scene;
  Crew crew = scene.run();
  crew.began("b");
  crew.is_not_now("b", {}, scene.time - 1);
  scene.time += 60;
  CHECK(crew.taker("b", {}) == "b");
  const AtWork probe{{"b", {scene.time}}};
  CHECK_FALSE(crew.taker("b", probe));
  SECTION("until it has gone on for a while") {
    scene.time += 60;
    CHECK(crew.taker("b", probe) == "b");
    crew.look(probe);
    CHECK(scene.lot.parkings.empty());
  }
  SECTION("or ended otherwise") {
    crew.works("b", scene.time);
    CHECK(crew.taker("b", {}) == "b");
    CHECK(crew.taker("b", probe) == "b");
  }
  SECTION("or says so again") {
    const auto news = crew.is_not_now("b", {}, scene.time);
    REQUIRE(news);
    CHECK(news->until == scene.time + 120);
    CHECK_FALSE(crew.taker("b", {}));
  }
}

TEST_CASE("a new run asks a parked agent once, at once") {
  Scene scene;
  scene.was_parked("b", scene.time + 3600);
  Crew crew = scene.run();
  crew.look({});
  CHECK(crew.taker("b", {}) == "b");
  crew.began("b");
  const AtWork probe{{"b", {scene.time}}};
  CHECK_FALSE(crew.taker("b", probe));
  SECTION("and it works") {
    crew.works("b", scene.time);
    CHECK(crew.taker("b", {}) == "b");
    CHECK(scene.lot.parkings.empty());
  }
  SECTION("and it does not") {
    const auto news = crew.is_not_now("b", {scene.time + 3500, ""}, scene.time);
    REQUIRE(news);
    CHECK(news->until == scene.time + 3500);
    CHECK_FALSE(crew.taker("b", {}));
  }
}

TEST_CASE("what worked before an agent was parked proves nothing") {
  Scene scene;
  Crew crew = scene.run();
  crew.is_not_now("b", {scene.time + 3600, ""}, scene.time - 1);
  crew.works("b", scene.time - 50);
  CHECK_FALSE(scene.lot.parkings.empty());
  scene.time += 600;
  CHECK(crew.look({{"b", {scene.time - 650}}}).empty());
}

TEST_CASE("what another run finds out counts here") {
  Scene scene;
  Crew one = scene.run();
  Crew other = scene.run();
  one.began("b");
  one.is_not_now("b", {scene.time + 3600, ""}, scene.time - 1);
  other.began("b");
  other.look({});
  CHECK_FALSE(other.taker("b", {}));
  scene.lot.parkings.clear();
  CHECK(one.look({}) == Names{"b"});
  CHECK(one.taker("b", {}) == "b");
}

}  // namespace
}  // namespace gitplan::agents
