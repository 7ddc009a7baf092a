#include <catch2/catch.hpp>
#include <csignal>

#include "supervisor/supervisor.hpp"
#include "unit/supervisor/script.hpp"

namespace gitplan::supervisor {
namespace {

const Attempt red{.landing = landing(Outcome::verification_failed, "the tests fail")};

/// Done tasks are queued at once, and verified for long.
struct LandingScene : Scene {
  LandingScene() {
    work.lander.queues = true;
    work.lander.batch = 99;
    work.lander.milliseconds = 1000;
  }
  void tasks(std::initializer_list<const char*> ids) {
    for (const auto* id : ids) work.task(id);
  }
  [[nodiscard]] Names starts() const {
    Names started;
    for (const auto& line : work.story) {
      if (line.find("start") != std::string::npos) started.push_back(line);
    }
    return started;
  }
};

TEST_CASE("slots are used again while tasks that are done wait to land") {
  LandingScene scene;
  scene.policy.workers = 2;
  scene.tasks({"1", "2", "3", "4", "5", "6"});
  scene.play();
  CHECK(scene.starts() == Names{"0 start 1", "0 start 2", "100 start 3", "100 start 4",
                                "200 start 5", "200 start 6"});
  CHECK(scene.work.most_working == 2);
  CHECK(scene.told.most == 6);
  CHECK(scene.told.of(Kind::done).size() == 6);
  CHECK(scene.told.of(Kind::merged).size() == 6);
  CHECK(scene.work.lander.started == 1);
  CHECK(scene.work.lander.given_back.size() == 6);
  CHECK(scene.work.removed == std::set<int>{1, 2});
  CHECK(scene.told.first(Kind::done).worker.phase == Phase::done);
}

TEST_CASE("a task that is not queued yet keeps its slot; that it is done is told as it lands") {
  Scene scene;
  scene.policy.workers = 1;
  scene.work.lander.milliseconds = 500;
  scene.work.task("1");
  scene.work.task("2");
  scene.play();
  CHECK(scene.work.story == Names{"0 start 1", "600 land 1", "600 start 2", "1200 land 2"});
  CHECK(scene.told.of(Kind::done) == Names{"1", "2"});
}

TEST_CASE("what needs a task waits until that has landed") {
  LandingScene scene;
  scene.work.task("1");
  scene.work.task("2", {"1"});
  scene.play();
  CHECK(scene.work.story == Names{"0 start 1", "1100 land 1", "1100 start 2", "2200 land 2"});
}

TEST_CASE("a task that was sent back takes the next free slot before new ones do") {
  LandingScene scene;
  scene.policy.workers = 1;
  scene.policy.retries = 1;
  scene.work.lander.milliseconds = 150;
  Attempt first = red;
  first.landing.sent_back = SentBack{"make test", 2, false, {"no"}, {"7"}, "refs/x"};
  scene.work.task("1", {}, {first, {}});
  scene.tasks({"2", "3", "4"});
  scene.play();
  CHECK(scene.starts() ==
        Names{"0 start 1", "100 start 2", "200 start 3", "300 start 1", "400 start 4"});
  CHECK(scene.work.most_working == 1);
  const WorkerRecord& again = scene.work.attempts.at(3);
  CHECK(again.sent_back == first.landing.sent_back);
  CHECK(again.attempt == 2);
  CHECK(again.failures == 1);
  CHECK(again.retried_after == "the tests fail");
  const Names told = scene.told.of({Kind::sent_back, Kind::retried, Kind::done, Kind::merged});
  CHECK(Names(told.begin(), told.begin() + 5) ==
        Names{"done 1", "done 2", "sent back 1", "done 3", "retried 1"});
  CHECK(scene.told.first(Kind::sent_back).reason == "the tests fail");
  CHECK(scene.work.done.size() == 4);
}

TEST_CASE("the slot of a task that came back goes to nobody else") {
  LandingScene scene;
  scene.policy.retries = 1;
  scene.work.task("1", {}, {red, {}});
  scene.work.task("2");
  scene.work.task("3", {"2"});
  scene.play();
  CHECK(scene.starts() == Names{"0 start 1", "0 start 2", "1100 start 1", "1100 start 3"});
  CHECK(scene.work.removed == std::set<int>{1, 2});
}

TEST_CASE("where none can be had for it now, new ones go on") {
  LandingScene scene;
  scene.policy.workers = 1;
  scene.policy.retries = 1;
  scene.work.lander.milliseconds = 50;
  scene.work.no_slot_before = 5000;
  scene.work.task("1", {}, {red, {}});
  scene.tasks({"2", "3"});
  scene.play();
  CHECK(scene.starts() == Names{"0 start 1", "100 start 2", "200 start 3", "5000 start 1"});
  CHECK(scene.work.done.size() == 3);
}

TEST_CASE("a task that was sent back and cannot be prepared has failed") {
  LandingScene scene;
  scene.policy.retries = 1;
  scene.work.is_unpreparable = true;
  scene.work.task("1", {}, {red});
  scene.play();
  CHECK(scene.told.first(Kind::failed).reason == "its branch is gone");
}

TEST_CASE("a task that still has its slot is tried again in it") {
  Scene scene;
  scene.policy.workers = 1;
  scene.policy.retries = 1;
  const auto outcome = GENERATE(Outcome::verification_failed, Outcome::left_work);
  scene.work.task("1", {}, {{.landing = landing(outcome, "no")}, {}});
  scene.work.task("2");
  scene.play();
  CHECK(scene.work.story ==
        Names{"0 start 1", "150 start 1", "300 land 1", "300 start 2", "450 land 2"});
  CHECK(scene.work.attempts.at(1).worker == 1);
  CHECK(scene.told.of(Kind::sent_back).size() == (outcome == Outcome::left_work ? 0 : 1));
}

TEST_CASE("why a task was sent back is told to the attempt that follows, however often it starts") {
  LandingScene scene;
  scene.policy.retries = 2;
  Attempt first = red;
  first.landing.sent_back.emplace().command = "make test";
  scene.work.task("1", {}, {first, {.vanishes = true}, {.exit_status = 1}, {}});
  scene.play();
  REQUIRE(scene.work.attempts.size() == 4);
  CHECK_FALSE(scene.work.attempts.at(0).sent_back);
  CHECK(scene.work.attempts.at(1).sent_back);
  CHECK(scene.work.attempts.at(2).sent_back);
  CHECK_FALSE(scene.work.attempts.at(3).sent_back);
}

TEST_CASE(
    "why a task was sent back before is not told to an attempt that is to resolve a conflict") {
  LandingScene scene;
  scene.policy.retries = 1;
  Attempt first = red;
  first.landing.sent_back.emplace();
  scene.work.task("1", {}, {first, {.landing = landing(Outcome::conflicts)}, {}});
  scene.play();
  CHECK(scene.work.attempts.at(1).sent_back);
  CHECK_FALSE(scene.work.attempts.at(2).sent_back);
  CHECK(scene.work.done.contains("1"));
}

TEST_CASE("sent back counts as an attempt, and with none left the task has failed") {
  LandingScene scene;
  scene.policy.on_failure = OnFailure::keep_going;
  scene.policy.workers = 1;
  scene.policy.retries = 1;
  scene.work.task("1", {}, {red});
  scene.work.task("2", {}, {{.milliseconds = 4000}});
  scene.play();
  CHECK(scene.told.of({Kind::sent_back, Kind::retried, Kind::failed}) ==
        Names{"sent back 1", "retried 1", "sent back 1", "failed 1"});
  CHECK(scene.work.recorded.at("1") == "the tests fail");
  CHECK(scene.work.lander.given_back == Names{"1", "1", "2"});
  CHECK(scene.work.done == std::set<std::string>{"2"});
}

TEST_CASE("a task that was given up meanwhile is not tried again") {
  LandingScene scene;
  scene.policy.retries = 1;
  scene.work.task(
      "1", {}, {{.landing = landing(GENERATE(Outcome::verification_failed, Outcome::given_up))}});
  scene.runner.at(500, [&] { scene.work.recorded["1"] = "no"; });
  scene.play();
  CHECK(scene.told.of(Kind::failed) == Names{"1"});
  CHECK(scene.told.of(Kind::retried).empty());
  CHECK(scene.work.lander.given_back == Names{"1"});
}

TEST_CASE("a conflict of a task without a slot goes back once, whatever the retries") {
  LandingScene scene;
  const Attempt conflict{.landing = landing(Outcome::conflicts, "conflicts in a.txt")};
  const bool resolved = GENERATE(true, false);
  scene.policy.workers = 1;
  scene.work.task("1", {}, {conflict, resolved ? Attempt{} : conflict});
  scene.work.task("2");
  scene.play();
  const WorkerRecord& again = scene.work.attempts.back();
  CHECK(again.task == "1");
  CHECK(again.conflicts == Names{"a.txt"});
  CHECK(again.failures == 0);
  CHECK(scene.work.done.contains("1") == resolved);
  CHECK(scene.work.recorded.contains("1") != resolved);
}

TEST_CASE("another task's failure takes no attempt from one that was sent back") {
  LandingScene scene;
  scene.policy.workers = 1;
  scene.policy.retries = 1;
  scene.work.lander.milliseconds = 120;
  scene.work.task("1", {}, {red, {}});
  scene.work.task("2", {}, {{.exit_status = 3}});
  scene.work.task("3");
  scene.play();
  CHECK(scene.starts() == Names{"0 start 1", "100 start 2", "200 start 2", "300 start 1"});
  CHECK(scene.work.done == std::set<std::string>{"1"});
}

TEST_CASE("a merge whose tree was red before is told as flaky, then as merged") {
  LandingScene scene;
  Attempt flaky;
  flaky.landing.flaky = true;
  scene.work.task("1", {}, {flaky});
  scene.play();
  CHECK(scene.told.of({Kind::flaky, Kind::merged}) == Names{"flaky 1", "merged 1"});
}

TEST_CASE("verifications are told as they end") {
  LandingScene scene;
  scene.work.task("1");
  scene.runner.at(300, [&] { scene.work.lander.say(Verification{"abc", {"1", "2"}, true, 1.5}); });
  scene.play();
  const auto& verification = scene.told.first(Kind::verified).verification;
  REQUIRE(verification);
  CHECK(verification->tree == "abc");
  CHECK(verification->tasks == Names{"1", "2"});
  CHECK(verification->success);
  CHECK(scene.told.first(Kind::verified).worker.task.empty());
}

TEST_CASE("a task that is put off holds up nobody, and lands when others say so") {
  const auto outcome = GENERATE(Outcome::held, Outcome::offered);
  LandingScene scene;
  scene.policy.workers = 1;
  scene.work.task("1", {}, {{.landing = landing(outcome, "later")}});
  scene.work.task("2");
  scene.work.task("3", {"1"});
  scene.work.lander.queues = GENERATE(true, false);
  scene.work.lander.say_at(4000, "1", landing(outcome, "later"));
  scene.runner.at(9000, [&] { scene.work.is_merged_now("1"); });
  scene.work.lander.say_at(9000, "1", landing(Outcome::merged));
  scene.play();
  const Kind kind = outcome == Outcome::held ? Kind::held : Kind::offered;
  CHECK(scene.told.of({kind, Kind::merged, Kind::interrupted}).size() == 4);
  CHECK(scene.told.of(kind) == Names{"1"});
  CHECK(scene.told.first(kind).reason == "later");
  CHECK(scene.told.of(Kind::merged) == Names{"2", "1", "3"});
}

TEST_CASE("of what is not this run's, or works again, nothing is heard") {
  LandingScene scene;
  scene.policy.retries = 1;
  scene.work.lander.lingers = true;
  scene.work.task("1", {}, {red, {.milliseconds = 1000}});
  scene.work.task("2", {}, {{.milliseconds = 3000}});
  scene.work.lander.say_at(500, "99", landing(Outcome::merged));
  scene.work.lander.say_at(500, "98", landing(Outcome::flow_is_red));
  scene.work.lander.say_at(1500, "1", landing(Outcome::queued));
  scene.work.lander.say_at(1600, "1", landing(Outcome::verification_failed));
  scene.runner.at(6000, [&] { scene.work.lander.lingers = false; });
  scene.work.lander.say_at(6001, "99", landing(Outcome::merged));
  CHECK_FALSE(scene.play().red);
  CHECK(scene.told.of(Kind::sent_back) == Names{"1"});
  CHECK(scene.told.of(Kind::merged) == Names{"1", "2"});
}

TEST_CASE("what was deleted while it waited is handed in again") {
  LandingScene scene;
  scene.work.task("1");
  scene.work.task("2", {"1"});
  scene.work.lander.queues = GENERATE(true, false);
  scene.work.lander.deleted_at(300);
  scene.play();
  CHECK(scene.work.lander.started <= 4);
  CHECK(scene.told.of({Kind::merged, Kind::not_merged}) == Names{"merged 1", "merged 2"});
}

TEST_CASE("a lander that dies is started again, but not for ever") {
  LandingScene scene;
  scene.policy.workers = 1;
  scene.work.lander.queues = GENERATE(true, false);
  scene.tasks({"1", "2"});
  SECTION("and lands what waits") {
    scene.work.lander.deaths = 2;
    scene.play();
    CHECK(scene.work.done == std::set<std::string>{"1", "2"});
  }
  SECTION("or leaves it to the next run") {
    scene.work.lander.deaths = 99;
    CHECK(scene.play().left.at("1") == "the merge ended with exit status 7");
    CHECK(scene.told.first(Kind::not_merged).worker.task == "1");
    CHECK(scene.work.lander.given_back.empty());
    CHECK(scene.runner.time() < 5000);
    // Only in a slot that is still the task's: that is what `wrong` looks at.
    CHECK(scene.work.written.empty() == scene.work.lander.queues);
  }
}

TEST_CASE("a lander that is killed in the middle is started again") {
  LandingScene scene;
  scene.tasks({"1", "2"});
  for (const long time : {200, 700, 900, 1100, 1300})
    scene.runner.at(time, [&] { scene.runner.signal(scene.work.lander.pid(), SIGKILL); });
  scene.play();
  CHECK(scene.work.lander.started == 4);  // the first one had told that they are queued
  CHECK(scene.told.of(Kind::not_merged) == Names{"1", "2"});
}

TEST_CASE("what a lander has told counts for it, however it ends") {
  LandingScene scene;
  scene.policy.workers = 1;
  scene.work.lander.milliseconds = 50;
  scene.tasks({"1", "2", "3", "4", "5", "6"});
  for (long time = 155; time < 1000; time += 100) {
    scene.runner.at(time, [&] {
      if (scene.work.lander.pid() != 0) scene.runner.signal(scene.work.lander.pid(), SIGKILL);
    });
  }
  scene.play();
  CHECK(scene.work.done.size() == 6);
}

Attempt finds_flow_red(int milliseconds) {
  Attempt attempt{.milliseconds = milliseconds, .landing = landing(Outcome::flow_is_red)};
  attempt.landing.command = "make test";
  attempt.landing.exit_status = 2;
  return attempt;
}

TEST_CASE("once flow is red nothing lands nor starts, and what is done stays so") {
  LandingScene scene;
  scene.policy.workers = 2;
  scene.policy.on_failure = OnFailure::keep_going;
  scene.work.lander.batch = 1;
  scene.work.lander.lingers = true;
  scene.work.task("1", {}, {finds_flow_red(100)});
  scene.work.task("2", {}, {{.milliseconds = 300}});
  scene.work.task("3", {}, {{.milliseconds = 2000}});
  scene.work.task("4", {"never"});
  scene.work.task("5", {"2"});
  const RunOutcome outcome = scene.play();
  REQUIRE(outcome.red);
  CHECK(outcome.red->exit_status == 2);
  CHECK(scene.told.of({Kind::flow_red, Kind::not_merged}) ==
        Names{"flow red 1", "not merged 1", "not merged 2", "not merged 3"});
  CHECK(scene.told.of(Kind::started) == Names{"1", "2", "3"});
  CHECK(scene.work.done.empty());
  CHECK(scene.work.recorded.empty());
  CHECK(outcome.left.at("2") == "'make test' fails on the flow branch, with exit status 2");
  CHECK(scene.work.lander.given_back.empty());
  CHECK(scene.work.lander.handed_in == Names{"1", "2", "3"});
  // The one that ended later is done, too, and needs no slot.
  CHECK(scene.work.lander.started == 2);
  CHECK(scene.told.of(Kind::done) == Names{"1", "2", "3"});
  CHECK(scene.work.written.empty());
}

TEST_CASE("flow is red once, and the tasks of a batch are left by one reason") {
  LandingScene scene;
  scene.work.task("1", {}, {finds_flow_red(100)});
  scene.work.task("2", {}, {finds_flow_red(100)});
  scene.work.task("3", {"never"});
  SECTION("said of each task") {}
  SECTION("said of no task") { scene.work.lander.say_at(200, "", finds_flow_red(0).landing); }
  CHECK(scene.play().red);
  CHECK(scene.told.of(Kind::flow_red).size() == 1);
  CHECK(scene.told.of(Kind::not_merged) == Names{"1", "2"});
}

TEST_CASE("on a red flow, what was sent back still gets its attempt, and is done then") {
  LandingScene scene;
  scene.policy.workers = 2;
  scene.policy.retries = 1;
  scene.work.lander.milliseconds = 50;
  scene.work.lander.batch = 1;
  scene.work.task("1", {}, {red, {}});
  scene.work.task("2", {}, {finds_flow_red(100)});
  scene.work.task("3", {}, {{.milliseconds = 500}});
  scene.work.task("4", {}, {{.milliseconds = 500}});
  scene.work.task("5");
  scene.play();
  CHECK(scene.told.of({Kind::retried, Kind::flow_red, Kind::not_merged}) ==
        Names{"flow red 2", "not merged 2", "not merged 3", "not merged 4", "retried 1",
              "not merged 1"});
  CHECK(scene.told.of(Kind::started) == Names{"1", "2", "3", "4"});
}

TEST_CASE("where flow cannot take a task, others land, but nothing starts unless it keeps going") {
  LandingScene scene;
  scene.policy.workers = 1;
  scene.work.lander.milliseconds = 50;
  scene.work.task("1", {}, {{.landing = landing(Outcome::refused, "changes in the way")}});
  scene.tasks({"2", "3"});
  const bool keeps_going = GENERATE(true, false);
  if (keeps_going) scene.policy.on_failure = OnFailure::keep_going;
  const RunOutcome outcome = scene.play();
  CHECK(outcome.left.at("1") == "changes in the way");
  CHECK(scene.told.of(Kind::not_merged) == Names{"1"});
  CHECK(scene.told.of(Kind::merged) == (keeps_going ? Names{"2", "3"} : Names{"2"}));
  CHECK(scene.work.lander.handed_in == Names{"1"});
}

TEST_CASE("where flow cannot take any task, what is done stays so, and nothing starts") {
  LandingScene scene;
  scene.policy.workers = 1;
  scene.work.lander.milliseconds = 500;
  scene.tasks({"1", "2", "3", "4"});
  scene.work.lander.say_at(250, "", landing(Outcome::refused, "changes in the way"));
  const RunOutcome outcome = scene.play();
  CHECK_FALSE(outcome.red);
  CHECK(scene.told.of({Kind::flow_red, Kind::not_merged}) ==
        Names{"not merged 1", "not merged 2", "not merged 3"});
  CHECK(outcome.left.at("2") == "changes in the way");
  CHECK(scene.told.of(Kind::started) == Names{"1", "2", "3"});
  CHECK(scene.work.lander.handed_in == Names{"1", "2", "3"});
}

TEST_CASE("what a lander lands while it ends counts") {
  LandingScene scene;
  scene.work.lander.finishes = true;
  scene.work.lander.batch = 1;
  scene.tasks({"1", "2"});
  SECTION("by a signal") {
    scene.runner.interrupt_at(500, SIGINT);
    CHECK(scene.play().signal == SIGINT);
    CHECK(scene.told.of(Kind::interrupted) == Names{"2"});
  }
  SECTION("by what was found") {
    scene.work.lander.say_at(500, "2", landing(Outcome::refused, "no"));
    scene.play();
    CHECK(scene.told.of(Kind::not_merged) == Names{"2"});
  }
  CHECK(scene.told.of(Kind::merged) == Names{"1"});
}

TEST_CASE("nobody is sent back, nor fails, by what a lander says after a signal") {
  LandingScene scene;
  scene.work.lander.finishes = true;
  scene.work.task(
      "1", {},
      {{.landing = landing(GENERATE(Outcome::verification_failed, Outcome::left_work,
                                    Outcome::conflicts, Outcome::flow_is_red, Outcome::refused))}});
  scene.runner.interrupt_at(500, SIGINT);
  CHECK_FALSE(scene.play().red);
  CHECK(scene.told.of({Kind::sent_back, Kind::failed, Kind::not_merged, Kind::interrupted}) ==
        Names{"interrupted 1"});
  CHECK(scene.work.lander.handed_in == Names{"1"});
}

TEST_CASE("an interrupt leaves what is done, and what was sent back") {
  LandingScene scene;
  scene.policy.workers = 2;
  scene.policy.retries = 1;
  scene.work.lander.milliseconds = 50;
  scene.work.lander.batch = 1;
  scene.work.task("1", {}, {red});
  scene.work.task("2");
  scene.work.task("3", {}, {{.milliseconds = 9999}});
  scene.work.task("4", {}, {{.milliseconds = 9999}});
  scene.runner.at(170, [&] { scene.work.interrupted = true; });
  scene.runner.interrupt_at(170, SIGTERM);
  CHECK(scene.play().signal == SIGTERM);
  CHECK(scene.told.of({Kind::merged, Kind::failed, Kind::retried}) == Names{});
  CHECK(scene.told.of(Kind::interrupted).size() == 4);
  CHECK(scene.told.of(Kind::sent_back) == Names{"1"});
  for (const auto& event : scene.told.events) {
    if (event.kind != Kind::interrupted) continue;
    CHECK(event.reason == (event.worker.task == "2" ? "done, not merged yet" : ""));
  }
  CHECK(scene.work.lander.handed_in == Names{"1", "2"});  // the next run tells 1 what it was red on
  CHECK(scene.work.recorded.empty());
}

TEST_CASE("a lander that does not end when it is told to is killed") {
  LandingScene scene;
  scene.work.lander.ignores_term = true;
  scene.work.lander.lingers = true;
  scene.work.lander.milliseconds = 99'000;
  scene.tasks({"1"});
  const bool twice = GENERATE(false, true);
  scene.runner.interrupt_at(500, SIGINT);
  if (twice) scene.runner.interrupt_at(1100, SIGINT);
  CHECK(scene.play().signal == SIGINT);
  CHECK(scene.told.of(Kind::interrupted) == Names{"1"});
  CHECK(scene.runner.time() == (twice ? 1100 : 20'500));
  CHECK(scene.runner.signals.back().second == SIGKILL);
}

WorkerRecord done_record(const std::string& task) {
  WorkerRecord record;
  record.worker = 4;
  record.session = "s";
  record.task = task;
  record.phase = Phase::done;
  return record;
}

TEST_CASE("tasks of a dead run that are done land, and need no slot for that") {
  LandingScene scene;
  scene.policy.workers = 1;
  scene.work.task("1");
  scene.work.task("2", {"1"});
  scene.work.task("3");
  scene.work.orphans = {done_record("1")};
  scene.play();
  CHECK(scene.work.story ==
        Names{"0 start 3", "1000 land 1", "1000 start 2", "2000 land 3", "3000 land 2"});
  CHECK(scene.told.of(Kind::started) == Names{"3", "2"});
  CHECK(scene.told.of(Kind::done) == Names{"3", "2"});
  CHECK_FALSE(scene.work.removed.contains(4));
}

TEST_CASE("a task of a dead run that is sent back takes a slot") {
  LandingScene scene;
  scene.policy.retries = 1;
  scene.tasks({"1", "2"});
  scene.work.orphans = {done_record("1")};
  scene.work.lander.say_at(100, "1", red.landing);
  scene.play();
  CHECK(scene.told.of(Kind::retried) == Names{"1"});
  CHECK(scene.work.done == std::set<std::string>{"1", "2"});
}

TEST_CASE("with a barrier, a wave ends when all its tasks have landed") {
  LandingScene scene;
  scene.policy.workers = 2;
  scene.policy.scheduling = Scheduling::barrier;
  scene.tasks({"1", "2", "3"});
  scene.work.task("4", {"1"});
  scene.work.lander.batch = 1;
  scene.play();
  CHECK(scene.work.story == Names{"0 start 1", "0 start 2", "100 start 3", "1100 land 1",
                                  "2100 land 2", "3100 land 3", "3100 start 4", "4200 land 4"});
}

TEST_CASE("a failure of the repository waits for what is about to land, but not for other people") {
  LandingScene scene;
  scene.work.task("1", {}, {{.landing = landing(Outcome::held)}});
  scene.work.task("2");
  scene.work.task("3", {}, {{.milliseconds = 1050}});
  scene.runner.at(1120, [&] { scene.work.throw_in = "claim_next"; });
  CHECK_THROWS_AS(scene.play(), Error);
  CHECK(scene.work.done == std::set<std::string>{"2", "3"});
  CHECK(scene.told.of(Kind::interrupted) == Names{"1"});
  CHECK(scene.runner.time() < 3000);
}

}  // namespace
}  // namespace gitplan::supervisor
