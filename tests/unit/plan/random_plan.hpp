// Plans out of a seeded generator: the texts in them are as awkward as people and agents make them.
#pragma once

#include <array>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "plan/ids.hpp"
#include "plan/plan.hpp"

namespace gitplan::test {

class RandomPlan {
 public:
  explicit RandomPlan(unsigned seed) : engine_(seed) {}

  /// 0 to n - 1.
  std::size_t below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(engine_);
  }
  bool chance(int percent) { return below(100) < static_cast<std::size_t>(percent); }

  std::string text() {
    static const std::array<std::string, 28> pieces = {"Create",
                                                       " ",
                                                       "user model",
                                                       "\"",
                                                       "\"\"\"",
                                                       "'''",
                                                       "\\",
                                                       "\n",
                                                       "\r\n",
                                                       "\r",
                                                       "\t",
                                                       "[[tasks]]",
                                                       "# no comment",
                                                       "= 1",
                                                       "🧪",
                                                       "é",
                                                       std::string(1, '\0'),
                                                       "\x1b[31m",
                                                       "\xc2\x80",
                                                       "\xc2\x9f",
                                                       "\x7f",
                                                       "\\u0041",
                                                       "{ a = 1 }",
                                                       "]",
                                                       ",",
                                                       "\xe2\x80\xae",
                                                       "\xef\xbb\xbf",
                                                       "\\\n"};
    std::string result;
    for (std::size_t n = below(7); n > 0; --n) result += pieces.at(below(pieces.size()));
    return result;
  }

  std::vector<std::string> list(bool of_ids = false) {
    std::vector<std::string> items;
    for (std::size_t n = chance(40) ? 0 : below(4); n > 0; --n) {
      items.push_back(of_ids ? format_task_id(static_cast<std::uint32_t>(below(20))) : text());
    }
    return items;
  }

  std::string time() {
    static const std::array<std::string, 6> times = {"2025-01-12T14:30:00Z",
                                                     "2025-01-12T14:30:00+02:00",
                                                     "2025-01-12T14:30:00-11:30",
                                                     "",
                                                     "yesterday",
                                                     "2025-02-30T25:61:00Z"};
    return times.at(below(times.size()));
  }

  std::optional<std::string> maybe_text() {
    if (chance(60)) return std::nullopt;
    return text();
  }

  Task task(std::size_t number) {
    Task task;
    task.id = format_task_id(static_cast<std::uint32_t>(number));
    task.description = text();
    task.status = static_cast<Status>(below(5));
    task.preconditions = list();
    task.provides = list();
    task.depends_on = list(true);
    task.files = list();
    task.estimated_time = maybe_text();
    if (chance(50)) task.priority = static_cast<Priority>(below(4));
    task.slug = maybe_text();
    task.external_id = maybe_text();
    task.part_of = maybe_text();
    task.details = maybe_text();
    task.test_strategy = maybe_text();
    task.agent = maybe_text();
    task.reason = maybe_text();
    task.needs_decision = chance(20);
    return task;
  }

  Update update() { return {static_cast<std::int64_t>(1 + below(50)), time(), text()}; }

  Plan plan() {
    Plan plan;
    plan.session_id = "session-20250112-143000";
    plan.version = static_cast<std::int64_t>(1 + below(100));
    plan.flow_branch = chance(70) ? "flow" : text();
    plan.created_at = time();
    for (std::string* field :
         {&plan.user_request, &plan.architecture, &plan.design_patterns, &plan.technology_stack,
          &plan.estimated_total_time, &plan.dependency_graph, &plan.hold, &plan.claim_refs}) {
      if (chance(70)) *field = text();
    }
    plan.provides = list();
    for (std::size_t n = below(3); n > 0; --n) plan.updates.push_back(update());
    for (std::size_t n = below(5), i = 1; i <= n; ++i) plan.tasks.push_back(task(i));
    return plan;
  }

  /// A next version: what the tools change, and any other key as well.
  Plan changed(Plan plan) {
    plan.version += 1;
    for (Task& one : plan.tasks) {
      if (chance(50)) continue;
      const Task other = task(1);
      if (chance(40)) one.status = other.status;
      if (chance(20)) one.reason = other.reason;
      if (chance(20)) one.needs_decision = other.needs_decision;
      if (chance(20)) one.priority = other.priority;
      if (chance(20)) one.estimated_time = other.estimated_time;
      if (chance(15)) one.description = other.description;
      if (chance(15)) one.slug = other.slug;
      if (chance(20)) one.details = other.details;
      if (chance(20)) one.files = list();
      if (chance(30)) one.provides.push_back(text());
      if (chance(10) && !one.preconditions.empty()) one.preconditions.front() = text();
    }
    if (chance(20)) plan.architecture = text();
    if (chance(10)) plan.flow_branch = text();
    if (chance(20)) plan.provides.push_back(text());
    if (chance(40)) plan.updates.push_back(update());
    for (std::size_t n = chance(60) ? 0 : below(3); n > 0; --n) {
      plan.tasks.push_back(task(100 + plan.tasks.size()));
    }
    return plan;
  }

 private:
  std::mt19937 engine_;
};

}  // namespace gitplan::test
