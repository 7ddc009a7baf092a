#include "schedule/check_graph.hpp"

#include <catch2/catch.hpp>

#include "unit/schedule/plans.hpp"

using namespace gitplan;
using namespace gitplan::schedule;
using namespace gitplan::schedule::tests;

namespace {

Diagnostics check(const Plan& plan, const Names& given = {}, const std::vector<int>& lines = {}) {
  const Graph graph(plan, given);
  return check_graph(graph, compute_waves(graph), lines);
}

Names messages(const Plan& plan, const Names& given = {}) {
  Names found;
  for (const Diagnostic& diagnostic : check(plan, given)) found.push_back(diagnostic.message);
  return found;
}

}  // namespace

TEST_CASE("the first plan has no fault") { CHECK(check(authentication()).empty()); }

TEST_CASE("a cycle is an error at its first task, with its line") {
  Plan plan = authentication();
  plan.tasks[1].preconditions.emplace_back("Auth endpoints");
  const Diagnostics found = check(plan, {}, {10, 20, 30, 40, 50});
  REQUIRE(found.size() == 1);
  CHECK(found[0] ==
        Diagnostic{Severity::error, "cycle", "tasks 002 -> 004 -> 002 form a cycle", "002", 20});
}

TEST_CASE("cycles of one task say what is wrong with it") {
  CHECK(messages(plan_of({task("001", {"x"}, {"x"})})) ==
        Names{"task '001' needs 'x', which only it provides"});
  CHECK(messages(plan_of({task("001", {}, {}, {"01"})})) == Names{"task '001' depends on itself"});
  CHECK(messages(plan_of({task("001", {"x"}, {"x"}), task("002", {"x", "y"}, {"x", "y"})}))[0] ==
        "task '001' needs 'x', which it provides itself");
}

TEST_CASE("a precondition that nobody provides is a warning") {
  const Diagnostics found = check(plan_of({task("001", {"Redis  cache"}, {})}), {}, {7});
  REQUIRE(found.size() == 1);
  CHECK(found[0] == Diagnostic{Severity::warning, "unprovided",
                               "task '001': no task provides 'Redis cache'", "001", 7});
  CHECK(messages(plan_of({task("001", {"Redis cache"}, {})}), {"Redis cache"}).empty());
}

TEST_CASE("a capability in other words is suggested") {
  Plan plan = authentication();
  plan.tasks.push_back(
      task("006", {"User model", "AuthService", "JWT token", "AuthService.logni"}, {}));
  CHECK(
      messages(plan) ==
      Names{
          "task '006': no task provides 'User model'; did you mean 'User model class' (task 001)?",
          "task '006': no task provides 'AuthService'; did you mean 'AuthService.login' (task "
          "002)?",
          "task '006': no task provides 'JWT token'; did you mean 'JWT tokens' (task 003)?",
          "task '006': no task provides 'AuthService.logni'; did you mean 'AuthService.login' "
          "(task 002)?"});
}

TEST_CASE("a suggestion may be shorter than what was asked for, in other case, or given") {
  Plan plan = plan_of({task("001", {}, {"User model"}), task("002", {"the user model class"}, {})});
  CHECK(messages(plan) == Names{"task '002': no task provides 'the user model class'; did you mean "
                                "'User model' (task 001)?"});
  plan = plan_of({task("002", {"flask app"}, {})});
  CHECK(messages(plan, {"Flask app"}) ==
        Names{"task '002': no task provides 'flask app'; did you mean 'Flask app'?"});
}

TEST_CASE("words only count whole: 'art' is no part of 'start'") {
  const Plan plan = plan_of(
      {task("001", {}, {"start the engine"}), task("002", {"art"}, {}), task("003", {"--"}, {})});
  CHECK(messages(plan) ==
        Names{"task '002': no task provides 'art'", "task '003': no task provides '--'"});
}

TEST_CASE("two tasks that provide the same are a warning at the second") {
  Plan plan = plan_of({task("001", {}, {"x"}), task("002", {}, {" x"})});
  const Diagnostics found = check(plan, {}, {1, 2});
  REQUIRE(found.size() == 1);
  CHECK(found[0] == Diagnostic{Severity::warning, "provided_twice",
                               "tasks 001 and 002 both provide 'x'", "002", 2});
  for (const char* id : {"003", "004", "005", "006", "007"})
    plan.tasks.push_back(task(id, {}, {"x"}));
  CHECK(messages(plan) == Names{"tasks 001, 002, 003, 004, 005 and 2 more all provide 'x'"});
}

TEST_CASE("files that overlap within one wave are a warning, in different waves they are none") {
  Plan plan = authentication();
  plan.tasks[2].files = {"services/"};
  plan.tasks[4].files = {"models/user.py"};
  const Diagnostics found = check(plan);
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::warning);
  CHECK(found[0].code == "overlapping_files");
  CHECK(found[0].message == "tasks 002 and 003 of wave 2 touch the same files: 'services/auth.py'");
  CHECK(found[0].task == "003");
}

TEST_CASE("no more than a hundred overlaps are told, and few files of each") {
  Plan plan;
  for (std::uint32_t i = 1; i <= 30; ++i) {
    plan.tasks.push_back(task(format_task_id(i), {}, {}));
    for (int file = 0; file < 8; ++file)
      plan.tasks.back().files.push_back(fmt::format("src/{}.c", file));
  }
  const Names found = messages(plan);
  CHECK(found.size() == 100);
  CHECK(found[0] ==
        "tasks 001 and 002 of wave 1 touch the same files: 'src/0.c', 'src/1.c', 'src/2.c', "
        "'src/3.c', 'src/4.c' and 3 more");
}

TEST_CASE("messages are printable whatever the plan holds") {
  const Plan plan = plan_of({task("0\x1b[2J", {"\x07"}, {})});
  CHECK(messages(plan) == Names{"task '0\\x1b[2J': no task provides '\\x07'"});
}

TEST_CASE("a big plan full of faults is checked in time") {
  Plan plan;
  for (std::uint32_t i = 0; i < 5'000; ++i) {
    plan.tasks.push_back(task(format_task_id(i), {fmt::format("missing thing {}", i)},
                              {fmt::format("thing that is there {}", i), "the same"}));
  }
  CHECK(check(plan).size() == 5'001);
}
