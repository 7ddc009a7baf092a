#include <catch2/catch.hpp>

#include "session/run_history.hpp"

namespace gitplan::commands {
namespace {

TaskRun run(std::optional<Seconds> started, std::optional<Seconds> finished) {
  TaskRun made;
  made.started = started;
  made.finished = finished;
  return made;
}

std::vector<std::vector<TaskIndex>> tasks_of(const std::vector<RealWave>& waves) {
  std::vector<std::vector<TaskIndex>> lists;
  for (const RealWave& wave : waves) lists.push_back(wave.tasks);
  return lists;
}

using Lists = std::vector<std::vector<TaskIndex>>;

TEST_CASE("a wave is what ran at the same time") {
  const auto waves = real_waves({run(0, 10), run(0, 20), run(20, 30), run(21, 25)}, 100);
  CHECK(tasks_of(waves) == Lists{{0, 1}, {2, 3}});
  CHECK(waves[0].started == 0);
  CHECK(waves[0].finished == 20);
  CHECK(waves[1].finished == 30);
}

TEST_CASE("what starts when the first one of a wave has ended is of the next") {
  CHECK(tasks_of(real_waves({run(0, 10), run(0, 30), run(10, 20), run(15, 40)}, 100)) ==
        Lists{{0, 1}, {2, 3}});
}

TEST_CASE("tasks that took no time make a wave with their like") {
  CHECK(tasks_of(real_waves({run(5, 5), run(5, 5), run(6, 6)}, 100)) == Lists{{0, 1}, {2}});
}

TEST_CASE("what still runs ends now, and what never started is in no wave") {
  const auto waves = real_waves({run(0, {}), run({}, 5), run(50, {})}, 100);
  CHECK(tasks_of(waves) == Lists{{0, 2}});
  CHECK(waves[0].finished == 100);
  CHECK(real_waves({}, 0).empty());
}

}  // namespace
}  // namespace gitplan::commands
