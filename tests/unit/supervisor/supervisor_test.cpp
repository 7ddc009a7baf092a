#include "supervisor/supervisor.hpp"

#include <catch2/catch.hpp>
#include <csignal>

#include "unit/supervisor/script.hpp"

namespace gitplan::supervisor {
namespace {

TEST_CASE("tasks run when what they need is merged, no more at once than there are workers") {
  Scene scene;
  scene.policy.workers = 2;
  for (const auto* id : {"1", "2", "3"}) scene.work.task(id);
  scene.work.task("4", {"1", "2", "3"});
  CHECK_FALSE(scene.play().signal);
  CHECK(scene.work.done == std::set<std::string>{"1", "2", "3", "4"});
  CHECK(scene.told.most == 2);
  CHECK(scene.work.removed == std::set<int>{1, 2});
  CHECK(scene.work.recordings > 0);
}

TEST_CASE("merges go one at a time in the order of completion") {
  Scene scene;
  scene.work.task("1", {}, {{.milliseconds = 120}});
  scene.work.task("2", {}, {{.milliseconds = 110}});
  scene.work.task("3", {}, {{.milliseconds = 100}});
  scene.play();
  CHECK(scene.work.story ==
        Names{"0 start 1", "0 start 2", "0 start 3", "150 land 3", "200 land 2", "250 land 1"});
}

TEST_CASE("a task is tried again up to the retries, then failed with the last reason") {
  Scene scene;
  scene.policy.retries = 2;
  scene.work.task("1", {}, {{.exit_status = 3}});
  scene.work.task("2", {"1"});
  scene.play();
  CHECK(scene.told.of(Kind::retried) == Names{"1", "1"});
  CHECK(scene.told.of(Kind::failed) == Names{"1"});
  CHECK(scene.work.recorded.at("1") == "its command ended with exit status 3");
  CHECK(scene.told.of(Kind::started) == Names{"1"});
}

TEST_CASE("what did not do at first may do then") {
  const auto bad = GENERATE(Attempt{.exit_status = 1}, Attempt{.ending = Ending::timed_out},
                            Attempt{.ending = Ending::hook_failed},
                            Attempt{.landing = landing(Outcome::left_work, "dirty")},
                            Attempt{.landing = landing(Outcome::verification_failed, "red")});
  Scene scene;
  scene.policy.retries = 1;
  scene.work.task("1", {}, {bad, {}});
  scene.play();
  CHECK(scene.told.of(Kind::retried) == Names{"1"});
  CHECK(scene.work.done == std::set<std::string>{"1"});
}

TEST_CASE("a conflict goes back to its worker once, whatever the retries") {
  Scene scene;
  const Attempt conflict{.landing = landing(Outcome::conflicts, "conflicts in a.txt")};
  SECTION("and is merged when it was resolved") {
    scene.work.task("1", {}, {conflict, {}});
    scene.play();
    REQUIRE(scene.told.of(Kind::retried) == Names{"1"});
    CHECK(scene.told.events.at(1).worker.conflicts == Names{"a.txt"});
    CHECK(scene.work.done.contains("1"));
  }
  SECTION("and fails when it was not") {
    scene.policy.retries = 5;
    scene.work.task("1", {}, {conflict, conflict, {}});
    scene.play();
    CHECK(scene.work.recorded.at("1") == "conflicts in a.txt");
  }
}

TEST_CASE("after a failure, those that run finish and nothing starts, but with keep-going") {
  Scene scene;
  scene.policy.workers = 2;
  scene.policy.on_failure = GENERATE(OnFailure::stop_starting, OnFailure::keep_going);
  scene.work.task("1", {}, {{.exit_status = 1}});
  scene.work.task("2", {}, {{.milliseconds = 500}});
  scene.work.task("3");
  scene.work.task("4", {"1"});
  scene.play();
  const bool going = scene.policy.on_failure == OnFailure::keep_going;
  CHECK(scene.work.done == (going ? std::set<std::string>{"2", "3"} : std::set<std::string>{"2"}));
}

TEST_CASE("another task's failure takes no attempt from one that runs") {
  Scene scene;
  scene.policy.retries = 1;
  scene.work.task("1", {}, {{.exit_status = 1, .milliseconds = 10}});
  scene.work.task("2", {}, {{.exit_status = 1, .milliseconds = 500}, {}});
  scene.play();
  CHECK(scene.work.done == std::set<std::string>{"2"});
}

TEST_CASE("a task that its worker merged is done, however the worker ended") {
  Scene scene;
  scene.work.task("1", {},
                  {{.exit_status = GENERATE(1, 125),
                    .landing = landing(Outcome::already_merged, ""),
                    .ending = GENERATE(Ending::exited, Ending::timed_out),
                    .vanishes = GENERATE(false, true),
                    .merges = true}});
  scene.work.task("2", {"1"});
  scene.play();
  CHECK(scene.told.of(Kind::merged) == Names{"1", "2"});
  CHECK(scene.told.of(Kind::started) == Names{"1", "2"});
  CHECK(scene.work.recorded.empty());
}

TEST_CASE(
    "a worker that said that it is done may end as it likes, but for 75, 125 and a time-out") {
  const auto ended = [](Attempt attempt) {
    Scene scene;
    attempt.says_done = true;
    scene.limits.most_parked = 90;
    scene.work.task("1", {}, {attempt});
    scene.play();
    return scene.work.done.contains("1");
  };
  CHECK(ended({.exit_status = GENERATE(0, 1, 137)}));
  CHECK_FALSE(ended({.exit_status = GENERATE(75, 125)}));
  CHECK_FALSE(ended({.ending = Ending::timed_out}));
}

TEST_CASE("125 skips a task for this run, and stops nothing") {
  Scene scene;
  scene.policy.workers = 1;
  scene.policy.retries = 3;
  scene.work.task("1", {}, {{.exit_status = 125}});
  scene.work.task("2");
  CHECK(scene.play().left.at("1") == "skipped, exit status 125");
  CHECK(scene.told.of(Kind::skipped) == Names{"1"});
  CHECK(scene.told.of(Kind::started) == Names{"1", "2"});
}

TEST_CASE("a task that its worker recorded failed is not tried again") {
  Scene scene;
  scene.policy.retries = 3;
  scene.work.recorded["0"] = "";
  scene.work.task("1", {}, {{.exit_status = 1}});
  scene.work.task("2", {}, {{.landing = landing(Outcome::given_up, "recorded failed")}});
  scene.play();
  CHECK(scene.told.of(Kind::failed) == Names{"2", "1"});
}

TEST_CASE("a task that a person took back, or cancelled, while it ran stops nothing") {
  Scene scene;
  scene.policy.workers = 1;
  scene.work.task("1", {}, {{.exit_status = 1}, {}});
  scene.work.task("2");
  SECTION("it may start over") {
    scene.work.reset.insert("1");
    scene.play();
    CHECK(scene.told.of({Kind::started, Kind::skipped, Kind::failed}) ==
          Names{"started 1", "skipped 1", "started 1", "started 2"});
    CHECK(scene.work.done == std::set<std::string>{"1", "2"});
  }
  SECTION("but not for ever, where its own worker takes it back") {
    scene.work.task("1", {}, {{.exit_status = 1}});
    scene.work.takes_back_always = "1";
    scene.play();
    CHECK(scene.told.of(Kind::skipped).size() == 11);
    CHECK(scene.work.done == std::set<std::string>{"2"});
  }
  SECTION("it does not start again") {
    scene.runner.at(50, [&] { scene.work.recorded["1"] = "cancelled"; });
    scene.play();
    CHECK(scene.told.of({Kind::started, Kind::skipped, Kind::failed}) ==
          Names{"started 1", "skipped 1", "started 2"});
  }
  SECTION("nor is it a failure where it was done") {
    scene.work.task("1", {}, {{.landing = landing(Outcome::cancelled)}});
    scene.play();
    CHECK(scene.work.done == std::set<std::string>{"2"});
  }
}

TEST_CASE("with a barrier, a wave of more tasks than workers ends before the next starts") {
  Scene scene;
  scene.policy.workers = 2;
  scene.policy.scheduling = Scheduling::barrier;
  scene.work.task("1");
  scene.work.task("2", {"1"});
  scene.work.task("3", {}, {{.milliseconds = 400}});
  scene.work.task("4", {}, {{.milliseconds = 1000}});
  scene.play();
  CHECK(scene.work.story == Names{"0 start 1", "0 start 3", "150 land 1", "150 start 4",
                                  "450 land 3", "1200 land 4", "1200 start 2", "1350 land 2"});
}

TEST_CASE("an interrupt ends the workers, and leaves their tasks to the next run") {
  Scene scene;
  scene.work.task("1", {}, {{.milliseconds = 9999}});
  scene.work.task("2", {}, {{.milliseconds = 9999}});
  scene.runner.interrupt_at(500, SIGINT);
  scene.work.interrupted = true;
  CHECK(scene.play().signal == SIGINT);
  CHECK(scene.runner.signals.size() == 2);
  CHECK(scene.told.of(Kind::interrupted) == Names{"1", "2"});
  CHECK(scene.work.recorded.empty());
  CHECK(scene.runner.time() < 2000);
}

TEST_CASE("what a worker ends with after an interrupt is no failure") {
  Scene scene;
  const int exit_status = GENERATE(1, 143, exit_skipped);
  scene.work.task("1", {}, {{.exit_status = exit_status, .milliseconds = 9999}});
  scene.runner.interrupt_at(500, SIGTERM);
  scene.play();
  CHECK(scene.told.of(Kind::interrupted) == Names{"1"});
  CHECK(scene.told.of({Kind::failed, Kind::skipped}).empty());
  CHECK(scene.work.recorded.empty());
  CHECK(scene.work.written.back().ending == Ending::interrupted);
}

TEST_CASE("a signal that comes while slots are removed leaves the others") {
  Scene scene;
  scene.policy.workers = 2;
  scene.work.task("1");
  scene.work.task("2");
  scene.work.signal_in_removal = SIGINT;
  CHECK(scene.play().signal == SIGINT);
  CHECK(scene.work.removed.size() == 1);
}

TEST_CASE("an interrupt that comes twice at once is one, a later one kills") {
  Scene scene;
  const bool at_once = GENERATE(true, false);
  scene.work.task("1", {}, {{.milliseconds = 99999, .ignores_term = true}});
  scene.runner.interrupt_at(500, SIGTERM);
  scene.runner.interrupt_at(at_once ? 510 : 1200, SIGTERM);
  scene.play();
  CHECK(scene.told.of(Kind::interrupted) == Names{"1"});
  CHECK(scene.runner.signals.back().second == SIGKILL);
  CHECK((scene.runner.time() > 10'000) == at_once);
  CHECK(scene.work.recorded.empty());
}

TEST_CASE("an interrupt during a merge leaves what is done unmerged, and unfailed") {
  Scene scene;
  for (const auto* id : {"1", "2", "3"}) scene.work.task(id);
  scene.runner.interrupt_at(120, SIGTERM);
  CHECK(scene.play().signal == SIGTERM);
  CHECK(scene.told.of(Kind::interrupted).size() == 3);
  CHECK(scene.work.done.empty());
}

TEST_CASE("a worker whose process was killed starts over, uncounted, but not for ever") {
  Scene scene;
  const Attempt lost{.vanishes = true};
  SECTION("and may succeed then") {
    scene.work.task("1", {}, {lost, lost, {}});
    scene.play();
    CHECK(scene.work.done.contains("1"));
    CHECK(scene.work.story.at(1) == "100 end strays of 1");
  }
  SECTION("or fail after some times") {
    scene.work.task("1", {}, {lost});
    scene.play();
    CHECK(scene.work.recorded.at("1") == "its worker was killed");
  }
}

TEST_CASE("orphans of a dead run are judged, not run again, where they ended") {
  Scene scene;
  scene.work.task("1", {"never"});
  scene.work.task("2", {"never"});
  WorkerRecord ended;
  ended.worker = 4;
  ended.task = "1";
  ended.phase = Phase::ended;
  WorkerRecord idle = ended;
  idle.worker = 7;
  idle.task = "2";
  idle.phase = Phase::idle;
  scene.work.orphans = {ended, idle};
  scene.play();
  CHECK(scene.told.of(Kind::merged) == Names{"1"});
  CHECK(scene.told.of(Kind::started).empty());
  CHECK(scene.work.removed == std::set<int>{4, 7});
}

TEST_CASE("a run waits for another one that works on the plan") {
  Scene scene;
  scene.work.others = 4;
  scene.play();
  CHECK(scene.work.others < 0);
  CHECK(scene.runner.time() >= 1000);
}

TEST_CASE("what the repository throws ends the run in order, and never passes through the runner") {
  const auto* place = GENERATE("claim_next", "reread", "offer", "lander_process", "lander_said",
                               "free_slot", "claim_back", "fail", "worker_process");
  CAPTURE(place);
  Scene scene;
  scene.work.throw_in = place;
  scene.policy.retries = 1;
  scene.work.lander.queues = true;
  const bool fails = std::string_view(place) == "fail";
  scene.work.task("0", {}, {{.landing = landing(Outcome::left_work, "dirty")}, {}});
  scene.work.task("1", {}, {{.exit_status = fails ? 1 : 0}});
  scene.work.task("2", {}, {{.milliseconds = 300}});
  CHECK_THROWS_AS(scene.play(), Error);
  CHECK(scene.runner.time() < 5000);
}

}  // namespace
}  // namespace gitplan::supervisor
