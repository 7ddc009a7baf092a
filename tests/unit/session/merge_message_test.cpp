#include "session/merge_message.hpp"

#include <catch2/catch.hpp>

namespace gitplan {
namespace {

Task some_task() {
  Task task;
  task.id = "001";
  task.description = "Create User model";
  task.provides = {"User model", "User.verify"};
  return task;
}

TEST_CASE("a merge message has the description, the body and a trailer for each capability") {
  CHECK(merge_message(some_task(), "s1", "Why it is so.\n") ==
        "Merge task 001: Create User model\n\nWhy it is so.\n\n"
        "Task: 001\nPlan: s1\nProvides: User model\nProvides: User.verify\n");
}

TEST_CASE("no value makes a line of its own in a merge message") {
  Task task = some_task();
  task.description = "One\nTask: 999\n\nSigned-off-by: Mallory";
  task.provides = {"X\nProvides: Y"};
  const std::string message = merge_message(task, "s1", "");
  CHECK(message.find("\nTask: 999") == std::string::npos);
  CHECK(message.find("\nSigned-off-by") == std::string::npos);
  CHECK(message.find("\nProvides: Y") == std::string::npos);
}

}  // namespace
}  // namespace gitplan
