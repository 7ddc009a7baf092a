// Agents that cannot work for hours, caps, and a machine that is busy, on a clock that the tests
// drive.
#include <catch2/catch.hpp>

#include "unit/supervisor/script.hpp"

namespace gitplan::supervisor {
namespace {

constexpr long second = 1000;
constexpr long hour = 3600 * second;

/// Limits of agents: from when to when, in milliseconds of the runner's clock.
struct Limited {
  std::map<std::string, std::vector<std::pair<long, long>>> spans;
  [[nodiscard]] std::optional<long> until(const std::string& agent, long time) const {
    const auto found = spans.find(agent);
    if (found == spans.end()) return std::nullopt;
    for (const auto& [from, to] : found->second) {
      if (time >= from && time < to) return to;
    }
    return std::nullopt;
  }
};

/// One of tasks "00" and so on, of which each third wants agent "b".
void tasks_of_two_agents(Scene& scene, int count, int milliseconds) {
  scene.runner.longest = 200 * hour;
  scene.limits.agent("a");
  scene.limits.agent("b");
  for (int i = 0; i < count; ++i) {
    const std::string id = fmt::format("{:02}", i);
    scene.work.task(id, {}, {{.milliseconds = milliseconds}});
    scene.work.wants[id] = i % 3 == 0 ? "b" : "a";
  }
}

/// The agent names the time at which its limit ends.
void limit(Scene& scene, const Limited& limited) {
  scene.work.limited = [&scene, limited](const std::string& agent) {
    const auto until = limited.until(agent, scene.runner.time());
    if (until) scene.limits.says[agent] = {ScriptedRunner::begin + *until / second, ""};
    return until.has_value();
  };
}

int count_of(const Names& story, std::string_view word, long from, long to) {
  return static_cast<int>(std::ranges::count_if(story, [&](const std::string& line) {
    const long time = std::stol(line);
    return time >= from && time < to && line.find(word) != std::string::npos;
  }));
}

TEST_CASE("sixty tasks outlast three limits of five hours") {
  Scene scene;
  scene.policy.workers = 4;
  tasks_of_two_agents(scene, 60, 1200 * second);
  const Limited limited{
      {{"a", {{1 * hour, 6 * hour}, {7 * hour, 12 * hour}, {13 * hour, 18 * hour}}}}};
  limit(scene, limited);
  const auto outcome = scene.play();
  CHECK(scene.work.done.size() == 60);
  CHECK(outcome.left.empty());
  CHECK(scene.told.of({Kind::failed, Kind::retried, Kind::interrupted}).empty());
  CHECK(scene.told.of(Kind::parked).size() == 3);
  CHECK(scene.told.of(Kind::woken).size() == 3);
  for (const WorkerRecord& attempt : scene.work.attempts) CHECK(attempt.attempt == 1);
  for (const auto& [from, to] : limited.spans.at("a")) {
    CHECK(count_of(scene.work.story, "start", to, to + 10 * second) >= 2);  // of a, at once
  }
  // Meanwhile b goes on, and nobody asks a again and again.
  CHECK(count_of(scene.work.story, "start", 1 * hour + 60 * second, 6 * hour) >= 12);
  CHECK(scene.work.attempts.size() < 60 + 3 * 4 + 1);
}

TEST_CASE("its fallback does it meanwhile, in the same worktree") {
  Scene scene;
  scene.policy.workers = 2;
  tasks_of_two_agents(scene, 6, 600 * second);
  scene.limits.agent("a").fallback = "b";
  limit(scene, {{{"a", {{0, 5 * hour}}}}});
  scene.play();
  CHECK(scene.work.done.size() == 6);
  CHECK(scene.told.of(Kind::parked).size() == 1);
  CHECK(scene.runner.time() < 2 * hour);
  for (const Event& event : scene.told.events) {
    if (event.kind == Kind::merged) CHECK(event.worker.agent == "b");
  }
}

TEST_CASE("a hundred workers that all cannot work park their agent once, and nothing spins") {
  Scene scene;
  scene.policy.workers = 100;
  tasks_of_two_agents(scene, 100, 10 * second);
  scene.limits.agent("a").fallback = "b";
  scene.limits.usual = "b";
  for (auto& [task, wanted] : scene.work.wants) wanted = "b";
  scene.work.limited = [&](const std::string&) { return scene.runner.time() < hour; };
  scene.play();
  CHECK(scene.work.done.size() == 100);
  // After 1, 2, 4, 8, 16, 30 minutes: each time one of them asks.
  CHECK(scene.told.of(Kind::parked).size() <= 7);
  CHECK(scene.told.events.size() < 100 + 10 * 2 + 100 * 3);
  CHECK(scene.work.attempts.size() <= 100 + 7 + 100);
}

TEST_CASE("parked tasks keep their slots and leave their room to others") {
  Scene scene;
  scene.policy.workers = 1;
  tasks_of_two_agents(scene, 3, 10 * second);  // 0 wants b
  scene.limits.agent("b").most_at_once = 1;
  limit(scene, {{{"b", {{0, 5 * hour}}}}});
  scene.play();
  CHECK(scene.work.done.size() == 3);
  CHECK(scene.told.of({Kind::parked, Kind::merged}) ==
        Names{"parked 00", "merged 01", "merged 02", "merged 00"});
  const auto parked_for = scene.told.events.back().worker.parked_before;
  CHECK(parked_for >= 5 * 3600 - 10);
  CHECK(parked_for <= 5 * 3600 + 10);
}

TEST_CASE("an agent has no more at once than it may") {
  Scene scene;
  scene.policy.workers = 8;
  tasks_of_two_agents(scene, 9, 10 * second);
  scene.limits.agent("a").most_at_once = 1;
  scene.play();
  CHECK(scene.work.done.size() == 9);
  CHECK(scene.work.most_working == 4);  // all three of b, and one of a
}

TEST_CASE("where a failure ended the starting, parked tasks do not keep the run") {
  Scene scene;
  scene.policy.workers = 3;
  tasks_of_two_agents(scene, 2, 30 * second);
  scene.work.task("bad", {}, {{.exit_status = 1, .milliseconds = 20000}});
  limit(scene, {{{"b", {{0, 5 * hour}}}}});
  SECTION("without keep-going") {
    const auto outcome = scene.play();
    CHECK(scene.runner.time() < 60 * second);
    CHECK(scene.told.of(Kind::interrupted) == Names{"00"});
    CHECK(outcome.left.at("00").starts_with("its agent 'b' is parked until "));
  }
  SECTION("with it") {
    scene.policy.on_failure = OnFailure::keep_going;
    scene.play();
    CHECK(scene.work.done == std::set<std::string>{"00", "01"});
  }
}

TEST_CASE("an interrupt while all are parked leaves them so; the next run asks once, at once") {
  Scene scene;
  tasks_of_two_agents(scene, 3, 30 * second);
  scene.limits.usual = "b";
  for (auto& [task, wanted] : scene.work.wants) wanted = "";
  limit(scene, {{{"b", {{0, 5 * hour}}}}});
  scene.runner.interrupt_at(hour, SIGINT);
  CHECK(scene.play().signal == SIGINT);
  CHECK(scene.runner.time() < hour + 2 * second);
  CHECK(scene.work.written.size() == 3);
  for (const auto& record : scene.work.written) {
    CHECK(record.phase == Phase::parked);
    scene.work.orphans.push_back(record);
  }

  scene.limits.forget();
  scene.told.events.clear();
  scene.work.attempts.clear();
  SECTION("and waits on if that is in vain") {
    Scene next;
    std::swap(scene.work.orphans, next.work.orphans);
    next.limits.agents = scene.limits.agents;
    next.limits.usual = "b";
    next.limits.lot.parkings = scene.limits.lot.parkings;
    next.runner.longest = 200 * hour;
    for (const auto* id : {"00", "01", "02"}) next.work.task(id, {}, {{.milliseconds = 30000}});
    limit(next, {{{"b", {{0, 5 * hour}}}}});
    next.play();
    CHECK(next.work.done.size() == 3);
    CHECK(count_of(next.work.story, "start", 0, hour) == 1);
  }
}

TEST_CASE("a run that only waits for longer than an agent may be parked ends") {
  Scene scene;
  tasks_of_two_agents(scene, 2, 30 * second);
  scene.work.limited = [](const std::string&) { return true; };
  const auto outcome = scene.play();
  CHECK(scene.runner.time() > 24 * hour);
  CHECK(scene.runner.time() < 25 * hour);
  CHECK(scene.work.done.empty());
  CHECK(outcome.left.size() == 2);
  CHECK(scene.told.of(Kind::failed).empty());
  CHECK(scene.work.attempts.size() < 120);
}

TEST_CASE("what somebody did with a parked task meanwhile counts") {
  Scene scene;
  tasks_of_two_agents(scene, 1, 30 * second);
  limit(scene, {{{"b", {{0, 2 * hour}}}}});
  SECTION("taken back, it starts over") {
    scene.runner.at(hour, [&] { scene.work.taken_back.insert("00"); });
    scene.play();
    CHECK(scene.told.of(Kind::skipped) == Names{"00"});
  }
  SECTION("given up") {
    scene.runner.at(hour, [&] { scene.work.recorded["00"] = "no"; });
    scene.play();
    CHECK(scene.told.of(Kind::failed) == Names{"00"});
  }
}

TEST_CASE("a task that fails while its agent is parked waits for its next attempt") {
  Scene scene;
  scene.policy.workers = 2;
  tasks_of_two_agents(scene, 1, 30 * second);
  scene.limits.agent("b").retries = 1;
  scene.work.task("long", {}, {{.exit_status = 1, .milliseconds = 60000}, {}});
  scene.work.wants["long"] = "b";
  bool first = true;
  scene.work.limited = [&](const std::string&) {
    // "00" is limited, "long" was started before
    return scene.runner.time() < 2 * hour && !std::exchange(first, false);
  };
  scene.limits.says["b"] = {scene.runner.clock() + 7200, ""};
  std::swap(scene.work.wants["00"], scene.work.wants["long"]);
  scene.work.wants = {{"00", "b"}, {"long", "b"}};
  scene.play();
  CHECK(scene.work.done == std::set<std::string>{"00", "long"});
  CHECK(scene.told.of(Kind::failed).empty());
}

TEST_CASE("at a cap nothing starts, what runs lands, and it is said once") {
  Scene scene;
  scene.policy.workers = 3;
  scene.policy.retries = 5;
  scene.limits.caps = {{"usd", 4}};
  for (int i = 0; i < 10; ++i)
    scene.work.task(std::to_string(i), {}, {{.milliseconds = 1000 + i, .uses = {{"usd", 1}}}});
  const auto outcome = scene.play();
  REQUIRE(outcome.capped);
  CHECK(outcome.capped->cap.unit == "usd");
  CHECK(scene.told.of(Kind::capped).size() == 1);
  CHECK(scene.work.done.size() == static_cast<std::size_t>(scene.limits.started));
  CHECK(scene.limits.used.at("usd") <= 4 + 2);  // what was running
  CHECK(scene.work.done.size() >= 4);
}

TEST_CASE("a cap that is reached already starts nothing, and ends the run") {
  Scene scene;
  scene.limits.caps = {{"usd", 4}};
  scene.limits.used = {{"usd", 5}};
  scene.work.task("1");
  CHECK(scene.play().capped);
  CHECK(scene.limits.started == 0);
}

TEST_CASE("on a machine that bears no more one worker runs, and it ends") {
  Scene scene;
  scene.policy.workers = 8;
  scene.limits.bears = false;
  for (int i = 0; i < 10; ++i) scene.work.task(std::to_string(i));
  scene.play();
  CHECK(scene.work.done.size() == 10);
  CHECK(scene.work.most_working == 1);
}

TEST_CASE("a stalled worker is told of, and tried again") {
  Scene scene;
  scene.policy.retries = 1;
  scene.work.task("1", {}, {{.ending = Ending::stalled}, {}});
  scene.play();
  CHECK(scene.told.of({Kind::stalled, Kind::retried, Kind::merged}) ==
        Names{"stalled 1", "retried 1", "merged 1"});
}

}  // namespace
}  // namespace gitplan::supervisor
