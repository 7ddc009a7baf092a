#include "plan/edits.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "base/error.hpp"

using namespace gitplan;

namespace {

using Ids = std::vector<std::string>;

Plan three_tasks() {
  Plan plan;
  plan.session_id = "s";
  for (const char* id : {"001", "002", "0010"}) {
    Task task;
    task.id = id;
    task.description = std::string("Do it ") + id;
    plan.tasks.push_back(task);
  }
  return plan;
}

template <class Action>
std::string refusal(ErrorKind kind, Action action) {
  try {
    action();
  } catch (const Error& error) {
    CHECK(error.kind() == kind);
    CHECK(error.hints().size() == 1);
    return error.what();
  }
  FAIL("not refused");
  return {};
}

}  // namespace

TEST_CASE("statuses are recorded, and a reason goes with a later status") {
  Plan plan = edits::fail(three_tasks(), Ids{"1", "002"}, "no network", true);
  CHECK(plan.tasks[0].status == Status::failed);
  CHECK(plan.tasks[0].reason == "no network");
  CHECK(plan.tasks[0].needs_decision);
  CHECK(plan.tasks[1].status == Status::failed);
  CHECK(plan.tasks[2].status == Status::pending);
  CHECK(edits::fail(plan, Ids{"001"}, "", false) == plan);
  CHECK(edits::fail(plan, Ids{"001"}, "no disk", false).tasks[0].reason == "no disk");
  plan = edits::complete(plan, Ids{"001"});
  CHECK(plan.tasks[0].status == Status::completed);
  CHECK_FALSE(plan.tasks[0].reason);
  CHECK_FALSE(plan.tasks[0].needs_decision);
  plan = edits::cancel(plan, Ids{"00010"}, "");
  CHECK(plan.tasks[2].status == Status::cancelled);
  CHECK_FALSE(plan.tasks[2].reason);
  plan.tasks[1].reason.reset();
  plan.tasks[1].question.reset();
  CHECK(edits::reset(plan, Ids{"1", "2", "10"}) == three_tasks());
  CHECK(plan.version == 1);
  CHECK(edits::complete(plan, Ids{"001"}) == plan);
}

TEST_CASE("a question and its answer stay until the task is completed") {
  Plan plan = edits::fail(three_tasks(), Ids{"001"}, "which one?", true);
  CHECK(plan.tasks[0].question == "which one?");
  plan = edits::reset(plan, Ids{"001"}, "that one");
  CHECK(plan.tasks[0].status == Status::pending);
  CHECK_FALSE(plan.tasks[0].needs_decision);
  CHECK(plan.tasks[0].reason == "which one?");
  CHECK(plan.tasks[0].answer == "that one");
  CHECK(edits::reset(plan, Ids{"001"}) == plan);
  plan = edits::fail(plan, Ids{"001"}, "no disk", false);
  CHECK(plan.tasks[0].question == "which one?");
  CHECK(plan.tasks[0].answer == "that one");
  const Plan asked = edits::fail(three_tasks(), Ids{"001"}, "which one?", true);
  CHECK(edits::fail(asked, Ids{"001"}, "", true) == asked);
  const Plan asked_again = edits::fail(plan, Ids{"001"}, "and now?", true);
  CHECK(asked_again.tasks[0].question == "and now?");
  CHECK_FALSE(asked_again.tasks[0].answer);
  plan = edits::complete(edits::reset(plan, Ids{"001"}), Ids{"001"});
  CHECK_FALSE(plan.tasks[0].reason);
  CHECK_FALSE(plan.tasks[0].question);
  CHECK_FALSE(plan.tasks[0].answer);
}

TEST_CASE("a task that is not there is named, with what is near") {
  Plan plan = three_tasks();
  plan.tasks[1].slug = "user-model";
  const auto missing = [&](const char* word) {
    return refusal(ErrorKind::not_found, [&] { edits::require(plan, word); });
  };
  CHECK(edits::require(plan, "10") == 2);
  CHECK(missing("003") == "no task '003' in plan 's'");
  CHECK(missing("O01") == "no task 'O01' in plan 's'; did you mean '001'?");
  CHECK(missing("user-model") == "no task 'user-model' in plan 's'; did you mean '002'?");
  CHECK(missing("do-it-0010") == "no task 'do-it-0010' in plan 's'; did you mean '0010'?");
  CHECK(missing("\x1b") == "no task '\\x1b' in plan 's'");
  plan.tasks[2].id = "";
  CHECK(missing("") == "no task '' in plan 's'");
  refusal(ErrorKind::not_found, [&] { edits::complete(plan, Ids{"001", "404"}); });
}

TEST_CASE("added tasks without an id get the next free one") {
  const Plan plan = three_tasks();
  CHECK(edits::next_free_id(plan) == "011");
  CHECK(edits::next_free_id(Plan{}) == "001");
  std::vector<Task> tasks(3);
  tasks[1].id = "020";
  const Plan after = edits::add(plan, tasks);
  REQUIRE(after.tasks.size() == 6);
  CHECK(after.tasks[3].id == "021");
  CHECK(after.tasks[4].id == "020");
  CHECK(after.tasks[5].id == "022");
  Plan full = plan;
  full.tasks[0].id = "999999";
  CHECK(refusal(ErrorKind::wrong_state, [&] { edits::next_free_id(full); }) ==
        "no task id is free after 999999");
}

TEST_CASE("adding the same task again changes nothing, another one is refused") {
  Plan plan = edits::complete(three_tasks(), Ids{"002"});
  Task same = three_tasks().tasks[1];
  same.foreign = {{"owner", "\"ada\""}};
  CHECK(edits::add(plan, {same}) == plan);
  same.id = "2";
  CHECK(edits::add(plan, {same}) == plan);
  same.description = "something else";
  CHECK(refusal(ErrorKind::wrong_state, [&] { edits::add(plan, {same}); }) ==
        "task '2' already exists in plan 's', with other content");
  Task failed = three_tasks().tasks[1];
  failed.status = Status::failed;
  CHECK_THROWS_AS(edits::add(plan, {failed}), Error);
}

TEST_CASE("two new tasks of one id are left for the check to refuse") {
  Task task;
  task.id = "050";
  CHECK(edits::add(three_tasks(), {task, task}).tasks.size() == 5);
  task.depends_on = {"1", "0002", "77", "002"};
  CHECK(edits::add(three_tasks(), {task}).tasks.back().depends_on ==
        std::vector<std::string>{"001", "002", "77"});
}

TEST_CASE("a note is an update, an empty one is nothing") {
  const Plan plan = edits::note(three_tasks(), 2, "2025-01-12T14:30:00Z", "learned");
  CHECK(plan.updates == std::vector{Update{2, "2025-01-12T14:30:00Z", "learned"}});
  CHECK(edits::note(plan, 3, "x", " \n") == plan);
}

TEST_CASE("keys of plans and tasks are set by name") {
  Plan plan = edits::set(three_tasks(), "architecture", "a, b");
  CHECK(plan.architecture == "a, b");
  CHECK(edits::set(plan, "flow_branch", "main").flow_branch == "main");
  CHECK(edits::set(plan, "provides", " f(a, b)").provides == std::vector<std::string>{"f(a, b)"});
  CHECK(edits::set(plan, "10.depends_on", "1, 002 ,,").tasks[2].depends_on ==
        std::vector<std::string>{"1", "002"});
  CHECK(edits::set(plan, "provides", "").provides.empty());
  CHECK(edits::set(plan, "2.priority", "high").tasks[1].priority == Priority::high);
  CHECK_FALSE(
      edits::set(edits::set(plan, "2.priority", "high"), "2.priority", "").tasks[1].priority);
  CHECK(edits::set(plan, "002.provides", "[\"a, b\", 'c']").tasks[1].provides ==
        std::vector<std::string>{"a, b", "c"});
  plan = edits::set(edits::set(plan, "provides", "a"), "provides", "b", edits::Repeated::yes);
  CHECK(plan.provides == std::vector<std::string>{"a", "b"});
  CHECK(edits::set(plan, "provides", "c").provides == std::vector<std::string>{"c"});
  CHECK(edits::set(plan, "002.estimated_time", "8 min").tasks[1].estimated_time == "8 min");
  CHECK_FALSE(edits::set(plan, "002.estimated_time", "").tasks[1].estimated_time);
  CHECK(edits::set(plan, "002.needs_decision", "true").tasks[1].needs_decision);
}

TEST_CASE("of a description of several lines the first stays, the others go before the details") {
  const auto split = [](std::string description, std::optional<std::string> details) {
    edits::split_description(description, details);
    return description + "|" + details.value_or("none");
  };
  CHECK(split("One", std::nullopt) == "One|none");
  CHECK(split(" One ", "d") == " One |d");
  CHECK(split("One\n", std::nullopt) == "One|none");
  CHECK(split("\n One \r\n\r\n  - two\n  - three\n", std::nullopt) == "One|  - two\n  - three");
  CHECK(split("One\ntwo", "three") == "One|two\n\nthree");
  CHECK(split("One\ntwo", "") == "One|two");
  const Plan plan = edits::set(three_tasks(), "001.description", "One\ntwo");
  CHECK(plan.tasks[0].description == "One");
  CHECK(plan.tasks[0].details == "two");
}

TEST_CASE("what may not be set is refused, and a near miss is suggested") {
  const auto refused = [](const char* key, const char* value = "x") {
    return refusal(ErrorKind::usage, [&] { edits::set(three_tasks(), key, value); });
  };
  for (const char* key : {"format", "session_id", "version", "created_at", "tasks", "updates",
                          "approvals", "001.status", "001.id"}) {
    CAPTURE(key);
    CHECK(refused(key).find("may not be set") != std::string::npos);
  }
  CHECK(refused("architekture") == "no key 'architekture' in a plan; did you mean 'architecture'?");
  CHECK(refused("001.prio") == "no key 'prio' in a task; did you mean 'priority'?");
  CHECK(refused("001.needs") == "no key 'needs' in a task; did you mean 'preconditions'?");
  CHECK(refused("001.xyz").starts_with("no key 'xyz' in a task; there are description, reason"));
  CHECK(refused("001.priority", "hihg") == "bad priority 'hihg'; did you mean 'high'?");
  CHECK(refused("001.priority", "1") ==
        "bad priority '1'; it must be critical, high, medium or low");
  CHECK(refused("001.needs_decision") == "'needs_decision' must be true or false, not 'x'");
  CHECK(refused("provides", "[1]") ==
        "'provides' must be one item or a list such as [\"a\", \"b\"], not '[1]'");
  refusal(ErrorKind::not_found, [] { edits::set(three_tasks(), "404.priority", "high"); });
}
