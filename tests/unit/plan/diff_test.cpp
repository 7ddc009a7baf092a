#include "plan/diff.hpp"

#include <catch2/catch.hpp>

#include "unit/plan/random_plan.hpp"

namespace gitplan {
namespace {

Task task(const std::string& id, const std::string& description = "Do it") {
  Task made;
  made.id = id;
  made.description = description;
  return made;
}

Plan plan(std::vector<Task> tasks) {
  Plan made;
  made.tasks = std::move(tasks);
  return made;
}

TEST_CASE("equal plans differ in nothing") {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    const Plan any = test::RandomPlan(seed).plan();
    CHECK(compare(any, any).empty());
    CHECK(summary(compare(any, any)).empty());
  }
}

TEST_CASE("a version alone is no change") {
  Plan before = plan({task("001")});
  Plan after = before;
  after.version = 7;
  CHECK(compare(before, after).empty());
}

TEST_CASE("tasks are the same by number, whatever their place and spelling") {
  const Plan before = plan({task("001"), task("002", "Other")});
  const Plan after = plan({task("002", "Other"), task("0001")});
  const PlanChange change = compare(before, after);
  REQUIRE(change.tasks.size() == 1);
  CHECK(change.tasks[0].kind == TaskChange::Kind::changed);
  CHECK(change.tasks[0].fields ==
        std::vector<FieldChange>{{"id", std::string("001"), std::string("0001")}});
}

TEST_CASE("what is not set is told from what is") {
  Plan before = plan({task("001")});
  Plan after = before;
  after.tasks[0].priority = Priority::high;
  after.tasks[0].needs_decision = true;
  after.tasks[0].files = {"a", "b"};
  const auto change = compare(before, after);
  REQUIRE(change.tasks.size() == 1);
  const std::vector<FieldChange> expected = {{"needs_decision", {}, true},
                                             {"files", {}, std::vector<std::string>{"a", "b"}},
                                             {"priority", {}, std::string("high")}};
  CHECK(change.tasks[0].fields == expected);
}

TEST_CASE("the reverse of a change adds what it removed") {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    const Plan a = test::RandomPlan(seed).plan();
    const Plan b = test::RandomPlan(seed + 1000).plan();
    const auto count = [](const PlanChange& change, TaskChange::Kind kind) {
      return std::count_if(change.tasks.begin(), change.tasks.end(),
                           [&](const TaskChange& one) { return one.kind == kind; });
    };
    const PlanChange there = compare(a, b);
    const PlanChange back = compare(b, a);
    CHECK(count(there, TaskChange::Kind::added) == count(back, TaskChange::Kind::removed));
    CHECK(count(there, TaskChange::Kind::removed) == count(back, TaskChange::Kind::added));
    CHECK(there.fields.size() == back.fields.size());
  }
}

TEST_CASE("a note that only the earlier version has is lost") {
  Plan noted = plan({task("001", "A")});
  noted.updates = {{2, "2025-01-12T14:52:10Z", "learned"}};
  const PlanChange back = compare(noted, plan({task("001", "A")}));
  CHECK(back.lost_notes == noted.updates);
  CHECK(back.notes.empty());
  CHECK_FALSE(back.empty());
  CHECK(summary(back) == "note");
}

TEST_CASE("a duplicate id is compared with the one of its place") {
  const Plan twice = plan({task("001", "A"), task("001", "B")});
  CHECK(compare(twice, twice).empty());
  const PlanChange change = compare(twice, plan({task("001", "A")}));
  REQUIRE(change.tasks.size() == 1);
  CHECK(change.tasks[0].kind == TaskChange::Kind::removed);
}

TEST_CASE("a summary is one line by what became of tasks") {
  Plan before = plan({task("001"), task("002"), task("003"), task("005")});
  Plan after = before;
  after.tasks[0].status = Status::completed;
  after.tasks[1].status = Status::completed;
  after.tasks[2].priority = Priority::low;
  after.tasks[3] = task("006");
  after.architecture = "MVC";
  after.updates.push_back({2, "", "learned"});
  CHECK(summary(compare(before, after)) ==
        "completed 001, 002; priority of 003; added 006; removed 005; architecture; note");
}

TEST_CASE("a reason goes without saying beside a status, and is named without one") {
  Plan before = plan({task("001")});
  Plan failed = before;
  failed.tasks[0].status = Status::failed;
  failed.tasks[0].reason = "no network";
  CHECK(summary(compare(before, failed)) == "failed 001");
  Plan other = failed;
  other.tasks[0].reason = "no disk";
  CHECK(summary(compare(failed, other)) == "reason of 001");
}

TEST_CASE("a summary of many tasks stays short and printable") {
  Plan after;
  for (int i = 1; i <= 50; ++i) after.tasks.push_back(task("9\x1b" + std::to_string(i)));
  const std::string line = summary(compare(Plan(), after));
  CHECK(line.find("and 44 more") != std::string::npos);
  CHECK(line.find('\x1b') == std::string::npos);
}

}  // namespace
}  // namespace gitplan
