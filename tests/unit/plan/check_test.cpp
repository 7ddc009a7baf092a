#include "plan/check.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <string>

#include "base/text.hpp"
#include "plan/ids.hpp"
#include "unit/growth.hpp"
#include "unit/plan/random_plan.hpp"

using namespace gitplan;

namespace {

Task good_task(std::string id) {
  Task task;
  task.id = std::move(id);
  task.description = "d";
  return task;
}

Plan good_plan() {
  Plan plan;
  plan.session_id = "session-20250112-143000";
  plan.tasks = {good_task("001"), good_task("002")};
  return plan;
}

/// "error code: message" of each diagnostic, a line each.
std::string found(const Plan& plan, std::span<const int> lines = {}) {
  std::string result;
  for (const Diagnostic& one : check_tasks(plan, lines)) {
    result += fmt::format("{} {}: {}\n", one.severity == Severity::error ? "error" : "warning",
                          one.code, one.message);
  }
  return result;
}

template <class Change>
std::string after(Change change) {
  Plan plan = good_plan();
  change(plan);
  return found(plan);
}

}  // namespace

TEST_CASE("a good plan has nothing wrong") {
  Plan plan = good_plan();
  plan.provides = {"x"};
  plan.tasks[1].depends_on = {"001", "1"};
  plan.tasks[1].preconditions = {"User model class", "é"};
  plan.tasks[1].slug = "user-model";
  plan.tasks[1].estimated_time = "10 minutes";
  plan.tasks[1].files = {"src/a.c", "./b", "a/../b", "src/**/*.c"};
  CHECK(found(plan).empty());
  plan.tasks.clear();
  CHECK(found(plan).empty());
}

TEST_CASE("ids are checked") {
  CHECK(after([](Plan& p) { p.tasks[1].id = ""; }) ==
        "error missing_id: task number 2 (without an id): no id\n");
  CHECK(after([](Plan& p) { p.tasks[1].id = "2"; }) ==
        "error bad_id: task '2': bad id: it must be 3 to 6 digits; did you mean '002'?\n");
  CHECK(after([](Plan& p) { p.tasks[1].id = "a\x1b/.."; }) ==
        "error bad_id: task 'a\\x1b/..': bad id: it must be 3 to 6 digits\n");
  CHECK(after([](Plan& p) { p.tasks[1].id = "0001"; }) ==
        "warning seed_id: task '0001': an id outside 001 to 999\n"
        "error duplicate_id: task '0001': same number as task '001'\n");
  CHECK(after([](Plan& p) { p.tasks[1].id = "001"; }) ==
        "error duplicate_id: task '001': its id is taken by an earlier task\n");
  CHECK(after([](Plan& p) { p.tasks[1].id = "1000"; }) ==
        "warning seed_id: task '1000': an id outside 001 to 999\n");
  CHECK(after([](Plan& p) { p.tasks[1].id = "000"; }) ==
        "warning seed_id: task '000': an id outside 001 to 999\n");
}

TEST_CASE("lines go with their tasks") {
  Plan plan = good_plan();
  plan.tasks[1].id = "001";
  const std::vector<int> lines = {5, 12};
  const Diagnostics all = check_tasks(plan, lines);
  REQUIRE(all.size() == 1);
  CHECK(all[0].line == 12);
  CHECK(all[0].task == "001");
  CHECK(all[0].message == "task '001': its id is taken by an earlier task (line 5)");
  CHECK_FALSE(check_tasks(plan, {})[0].line);
}

TEST_CASE("descriptions and slugs are checked") {
  CHECK(after([](Plan& p) { p.tasks[0].description = " \n\t"; }) ==
        "error missing_description: task '001': no description\n");
  CHECK(after([](Plan& p) { p.tasks[0].slug = "User Model"; }) ==
        "error bad_slug: task '001': bad slug 'User Model'; did you mean 'user-model'?\n");
  CHECK(after([](Plan& p) { p.tasks[0].slug = "../x"; }).starts_with("error bad_slug"));
  CHECK(after([](Plan& p) { p.tasks[0].slug = ""; }).starts_with("error bad_slug"));
  CHECK(after([](Plan& p) {
          p.tasks[1].id = "001";
          p.tasks[0].slug = p.tasks[1].slug = "x";
        }) ==
        "error duplicate_id: task '001': its id is taken by an earlier task\n"
        "error duplicate_slug: task '001': branch 'task/001-x' is taken by an earlier task\n");
  CHECK(after([](Plan& p) { p.tasks[0].slug = p.tasks[1].slug = "x"; }).empty());
}

TEST_CASE("dependencies must be in the plan") {
  CHECK(after([](Plan& p) {
          p.tasks[0].depends_on = {"002", "0O2", "zzz\n"};
        }) ==
        "error unknown_dependency: task '001': depends on '0O2', which is not in the plan; did you "
        "mean '002'?\n"
        "error unknown_dependency: task '001': depends on 'zzz\\n', which is not in the plan\n");
  CHECK(
      after([](Plan& p) { p.tasks[0].depends_on = {""}; }).starts_with("error unknown_dependency"));
}

TEST_CASE("capabilities are neither empty nor full of control characters") {
  CHECK(after([](Plan& p) { p.provides = {" "}; }) ==
        "error empty_capability: plan 'session-20250112-143000': an empty capability in "
        "'provides'\n");
  CHECK(after([](Plan& p) { p.provides = {"a\nb"}; }) ==
        "error control_in_capability: plan 'session-20250112-143000': a control character in "
        "capability 'a\\nb' of 'provides'\n");
  CHECK(after([](Plan& p) { p.tasks[0].preconditions = {""}; }) ==
        "error empty_capability: task '001': an empty capability in 'preconditions'\n");
  CHECK(after([](Plan& p) {
          p.tasks[0].provides = {"\xc2\x85"};
        }).starts_with("error control_in_capability: task '001'"));
}

TEST_CASE("the session and the flow branch must make refs") {
  CHECK(after([](Plan& p) { p.session_id = ""; }) == "error bad_session: plan: no session_id\n");
  CHECK(after([](Plan& p) {
          p.session_id = "A b";
        }).starts_with("error bad_session: plan 'A b': bad"));
  CHECK(after([](Plan& p) { p.session_id = "release"; }) ==
        "warning seed_session: plan 'release': not named as session-YYYYMMDD-HHMMSS\n");
  for (const char* bad : {"", "-x", "a..b", "a b", "a\x1b", "a.lock", "HEAD", "a~1"}) {
    CAPTURE(bad);
    CHECK(
        after([&](Plan& p) { p.flow_branch = bad; }).starts_with("error bad_flow_branch: plan '"));
  }
  for (const char* taken : {"plan", "task", "plan/session-20250112-143000", "task/001-x"}) {
    CAPTURE(taken);
    CHECK(after([&](Plan& p) { p.flow_branch = taken; }).find("are for plans and tasks") !=
          std::string::npos);
  }
  CHECK(after([](Plan& p) { p.flow_branch = "release/1.0"; }).empty());
}

TEST_CASE("estimates and paths earn warnings") {
  CHECK(after([](Plan& p) { p.tasks[0].estimated_time = "soon"; }) ==
        "error bad_estimate: task '001': estimated_time 'soon' is no duration; write it as "
        "'8 minutes'\n");
  CHECK(after([](Plan& p) { p.tasks[0].estimated_time = "1h 30m"; }) ==
        "warning long_estimate: task '001': estimated at 1 h 30 min, more than 10 min; split it\n");
  for (const char* path : {"/etc/passwd", "C:\\x", "~/x"}) {
    CHECK(after([&](Plan& p) { p.tasks[0].files = {path}; }).starts_with("warning absolute_path"));
  }
  for (const char* path : {"..", "../x", "a/../../b", "./../x"}) {
    CHECK(after([&](Plan& p) { p.tasks[0].files = {path}; }).starts_with("warning escaping_path"));
  }
}

TEST_CASE("whatever is in a plan, messages are printable, short and in the order of the tasks") {
  for (unsigned seed = 0; seed < 500; ++seed) {
    test::RandomPlan random(seed);
    const Plan plan = random.changed(random.plan());
    std::size_t last = 0;
    for (const Diagnostic& one : check_tasks(plan, {})) {
      CAPTURE(seed, one.message);
      REQUIRE_FALSE(text::has_control(one.message));
      REQUIRE(one.message.size() < 2000);
      REQUIRE_FALSE(one.code.empty());
      if (one.task.empty()) continue;
      const std::size_t index = plan.find(one.task).value_or(plan.tasks.size());
      REQUIRE(index >= last);
      last = index;
    }
  }
}

TEST_CASE("the cost of listing mistakes grows with their number, not with its square") {
  const auto list = [](std::size_t count) {
    Plan plan = good_plan();
    plan.tasks.assign(count, good_task("001"));
    for (Task& task : plan.tasks) task.depends_on = {"nowhere"};
    CHECK(check_tasks(plan, {}).size() == 2 * plan.tasks.size() - 1);
  };
  CHECK(gitplan::testing::growth(1000, list) < gitplan::testing::no_square);
}
