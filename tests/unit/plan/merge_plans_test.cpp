#include "plan/merge_plans.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "unit/plan/random_plan.hpp"

using namespace gitplan;
using gitplan::test::RandomPlan;

namespace {

using Kind = MergeConflict::Kind;

const auto nobody = [](const Task&) { return false; };

Task task(const std::string& id, const std::string& description = "Do it") {
  Task made;
  made.id = id;
  made.description = description;
  return made;
}

Plan plan(std::vector<Task> tasks) {
  Plan made;
  made.session_id = "session-1";
  made.version = 3;
  made.tasks = std::move(tasks);
  return made;
}

MergedPlans merge(const Plan& base, const Plan& ours, const Plan& theirs) {
  return merge_plans(base, ours, theirs, nobody);
}

}  // namespace

TEST_CASE("what only one side changed is taken, whichever that is") {
  const Plan base = plan({task("001"), task("002")});
  Plan ours = base;
  ours.tasks[0].priority = Priority::high;
  ours.architecture = "MVC";
  ours.version = 5;
  Plan theirs = base;
  theirs.tasks[0].files = {"a.c"};
  theirs.tasks[1].status = Status::failed;
  theirs.version = 4;
  const MergedPlans merged = merge(base, ours, theirs);
  CHECK(merged.conflicts.empty());
  CHECK(merged.plan.tasks[0].priority == Priority::high);
  CHECK(merged.plan.tasks[0].files == theirs.tasks[0].files);
  CHECK(merged.plan.tasks[1].status == Status::failed);
  CHECK(merged.plan.architecture == "MVC");
  CHECK(merged.plan.version == 6);
}

TEST_CASE("the same key changed on both sides is a conflict that is named") {
  const Plan base = plan({task("001")});
  Plan ours = base;
  ours.tasks[0].priority = Priority::high;
  ours.user_request = "Ours";
  Plan theirs = base;
  theirs.tasks[0].priority = Priority::low;
  theirs.user_request = "Theirs";
  const MergedPlans merged = merge(base, ours, theirs);
  CHECK(merged.conflicts ==
        std::vector<MergeConflict>{{Kind::key, "", "user_request", "Ours", "Theirs"},
                                   {Kind::key, "001", "priority", "high", "low"}});
  theirs.tasks[0].priority = Priority::high;
  theirs.user_request = "Ours";
  CHECK(merge(base, ours, theirs).conflicts.empty());
}

TEST_CASE("a task of ours under a taken id gets the next free one, and what names it follows") {
  const Plan base = plan({task("001")});
  Plan ours = base;
  ours.tasks.push_back(task("002", "Ours"));
  ours.tasks.push_back(task("003", "After ours"));
  ours.tasks.back().depends_on = {"002"};
  ours.tasks.back().part_of = "002";
  ours.tasks[0].depends_on = {"2"};
  Plan theirs = base;
  theirs.tasks.push_back(task("002", "Theirs"));
  const MergedPlans merged = merge(base, ours, theirs);
  CHECK(merged.conflicts.empty());
  CHECK(merged.renamed == std::vector<RenamedTask>{{"002", "004"}});
  REQUIRE(merged.plan.tasks.size() == 4);
  CHECK(merged.plan.tasks[1].description == "Theirs");
  CHECK(merged.plan.tasks[2].id == "004");
  CHECK(merged.plan.tasks[3].depends_on == std::vector<std::string>{"004"});
  CHECK(merged.plan.tasks[3].part_of == "004");
  CHECK(merged.plan.tasks[0].depends_on == std::vector<std::string>{"004"});
  // One that is begun here keeps its id: refs have it.
  const auto begun = [](const Task& one) { return one.id == "002"; };
  CHECK(merge_plans(base, ours, theirs, begun).conflicts ==
        std::vector<MergeConflict>{{Kind::id, "002", "", "Ours", "Theirs"}});
}

TEST_CASE("tasks that both added alike are one") {
  const Plan base = plan({});
  Plan ours = base;
  ours.tasks = {task("001")};
  CHECK(merge(base, ours, ours).plan == ours);
  CHECK(merge(base, ours, ours).renamed.empty());
}

TEST_CASE("a task that one side removed goes, unless the other changed it") {
  const Plan base = plan({task("001"), task("002")});
  Plan ours = base;
  ours.tasks.erase(ours.tasks.begin());
  Plan theirs = base;
  CHECK(merge(base, ours, theirs).plan.tasks.size() == 1);
  CHECK(merge(base, theirs, ours).plan.tasks.size() == 1);
  theirs.tasks[0].priority = Priority::low;
  const std::vector<MergeConflict> conflict{{Kind::removed, "001", ""}};
  CHECK(merge(base, ours, theirs).conflicts == conflict);
  CHECK(merge(base, theirs, ours).conflicts == conflict);
}

TEST_CASE("notes of both sides stay") {
  const Plan base = plan({});
  Plan ours = base;
  ours.updates = {{4, "2025-01-01T00:00:00Z", "Ours"}};
  Plan theirs = base;
  theirs.updates = {{4, "2025-01-02T00:00:00Z", "Theirs"}};
  CHECK(merge(base, ours, theirs).plan.updates.size() == 2);
}

TEST_CASE("what one side left alone becomes the other's, whatever that is") {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    RandomPlan random(seed);
    const Plan base = random.plan();
    Plan changed = random.plan();
    changed.session_id = base.session_id;
    INFO("seed " << seed);
    CHECK(merge(base, base, changed).plan == changed);
    const MergedPlans ours = merge(base, changed, base);
    CHECK(ours.conflicts.empty());
    Plan expected = changed;
    expected.version = ours.plan.version;
    std::ranges::sort(expected.tasks, {}, &Task::id);
    Plan got = ours.plan;
    std::ranges::sort(got.tasks, {}, &Task::id);
    CHECK(got.tasks == expected.tasks);
    CHECK(got.architecture == expected.architecture);
    CHECK(merge(base, changed, changed).plan == changed);
  }
}
