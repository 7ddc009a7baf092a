// Plans written as tests need them, and random ones.
#pragma once

#include <fmt/format.h>

#include <random>
#include <string>
#include <vector>

#include "plan/ids.hpp"
#include "schedule/ready.hpp"

namespace gitplan::schedule::tests {

using Names = std::vector<std::string>;
using Tasks = std::vector<TaskIndex>;

inline Task task(std::string id, Names preconditions, Names provides, Names depends_on = {}) {
  Task made;
  made.id = std::move(id);
  made.description = "task " + made.id;
  made.preconditions = std::move(preconditions);
  made.provides = std::move(provides);
  made.depends_on = std::move(depends_on);
  return made;
}

inline Plan plan_of(std::vector<Task> tasks) {
  Plan plan;
  plan.session_id = "session-20250112-143000";
  plan.tasks = std::move(tasks);
  return plan;
}

/// The five tasks of the first plan that these tools were asked to carry out.
inline Plan authentication() {
  Plan plan = plan_of({
      task("001", {}, {"User model class", "User.verify_password"}),
      task("002", {"User model class"}, {"AuthService.login", "AuthService.register"}),
      task("003", {"User model class"}, {"JWT tokens"}),
      task("004", {"AuthService.login", "JWT tokens"}, {"Auth endpoints"}),
      task("005", {"AuthService.login", "JWT tokens"}, {"Auth tests"}),
  });
  const Names minutes = {"8 minutes", "10 minutes", "12 minutes", "10 minutes", "10 minutes"};
  const std::vector<Names> files = {{"models/user.py", "tests/test_user.py"},
                                    {"services/auth.py", "tests/test_auth.py"},
                                    {"services/tokens.py"},
                                    {"api/auth.py"},
                                    {"tests/test_api.py"}};
  for (std::size_t i = 0; i < plan.tasks.size(); ++i) {
    plan.tasks[i].estimated_time = minutes[i];
    plan.tasks[i].files = files[i];
  }
  return plan;
}

inline Progress progress_of(std::vector<Status> status) {
  Progress progress;
  progress.free.resize(status.size());
  progress.status = std::move(status);
  return progress;
}

inline Progress nothing_done(const Plan& plan) {
  return progress_of(std::vector<Status>(plan.tasks.size(), Status::pending));
}

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t limit) { return engine_() % limit; }
  bool chance(std::size_t one_in) { return below(one_in) == 0; }

 private:
  std::mt19937 engine_;
};

struct RandomPlan {
  Plan plan;
  Names given;
};

/// A small plan with everything in it: several providers, cycles, unknown ids, capabilities that
/// nobody provides, ids that differ in zeros or are repeated, odd spacing. `random` chooses, as
/// Random does.
template <class Choices>
RandomPlan random_plan(Choices& random) {
  const Names pool = {"a", "b", "c d", "c  d", " e", "f", "g", "nobody has this"};
  const auto some = [&](std::size_t most) {
    Names names;
    for (std::size_t left = random.below(most + 1); left > 0; --left) {
      names.push_back(pool[random.below(pool.size())]);
    }
    return names;
  };
  RandomPlan made;
  const std::size_t size = random.below(9);
  for (std::size_t i = 0; i < size; ++i) {
    const std::string id = random.chance(12) ? "001" : fmt::format("{:03}", i + 1);
    Task next = task(id, some(2), some(2));
    std::erase(next.provides, "nobody has this");
    for (std::size_t left = random.below(3); left > 0; --left) {
      const std::size_t other = 1 + random.below(random.chance(10) ? size + 1 : size);
      next.depends_on.push_back(random.chance(2) ? fmt::format("{:03}", other)
                                                 : fmt::format("{}", other));
    }
    next.estimated_time = fmt::format("{}", random.below(10));
    next.priority = static_cast<Priority>(random.below(4));
    made.plan.tasks.push_back(std::move(next));
  }
  if (random.chance(3)) made.given = some(2);
  return made;
}

template <class Choices>
Progress random_progress(Choices& random, std::size_t size) {
  Progress progress;
  for (std::size_t i = 0; i < size; ++i) {
    progress.status.push_back(random.chance(2) ? Status::pending
                                               : static_cast<Status>(random.below(5)));
    progress.free.push_back(random.chance(2));
  }
  return progress;
}

}  // namespace gitplan::schedule::tests
