// `plan diff` of two plans: it says that they are the same exactly if they are, names each task
// once, and what it says of one way is the reverse of what it says of the other.
#include <algorithm>
#include <set>

#include "fuzz/fuzz.hpp"
#include "fuzz/plan_lines.hpp"
#include "plan/diff.hpp"
#include "plan/fields.hpp"
#include "plan/ids.hpp"
#include "plan/toml.hpp"

namespace gitplan::fuzz {
namespace {

using Kind = TaskChange::Kind;

bool has_repeated_ids(const Plan& plan) {
  for (std::size_t i = 0; i < plan.tasks.size(); ++i) {
    if (plan.find(plan.tasks[i].id) != i) return true;
  }
  return false;
}

// What compare() leaves out, it leaves out of both.
Plan comparable(Plan plan) {
  plan.version = 1;
  plan.created_at.clear();
  plan.updates.clear();
  std::ranges::sort(plan.tasks, {}, [](const Task& task) { return task_number(task.id); });
  return plan;
}

bool is_numbered(const Plan& plan) {
  return std::ranges::all_of(plan.tasks,
                             [](const Task& t) { return task_number(t.id).has_value(); });
}

std::size_t count(const PlanChange& change, Kind kind) {
  return static_cast<std::size_t>(std::ranges::count(change.tasks, kind, &TaskChange::kind));
}

const TaskChange* find(const PlanChange& change, const std::string& id) {
  const auto found = std::ranges::find_if(
      change.tasks, [&](const TaskChange& one) { return same_task(one.id, id); });
  return found == change.tasks.end() ? nullptr : &*found;
}

void require_reverse(const std::vector<FieldChange>& there, const std::vector<FieldChange>& back,
                     std::string_view a, std::string_view b) {
  require(there.size() == back.size(), "both ways change the same keys", {a, b});
  for (const FieldChange& one : there) {
    const FieldChange reverse{one.key, one.after, one.before};
    require(std::ranges::find(back, reverse) != back.end(), "a change of a key has its reverse",
            {one.key, a, b});
    require(one.before != one.after, "a key that stays is no change", {one.key, a, b});
  }
}

Kind reversed(Kind kind) {
  if (kind == Kind::changed) return kind;
  return kind == Kind::added ? Kind::removed : Kind::added;
}

void require_reverse(const PlanChange& there, const PlanChange& back, std::string_view a,
                     std::string_view b) {
  require_reverse(there.fields, back.fields, a, b);
  require(there.tasks.size() == back.tasks.size(), "both ways change the same tasks", {a, b});
  for (const TaskChange& one : there.tasks) {
    const TaskChange* reverse = find(back, one.id);
    require(reverse != nullptr && reverse->kind == reversed(one.kind), "a task has its reverse",
            {one.id, a, b});
    if (one.kind == Kind::changed) require_reverse(one.fields, reverse->fields, a, b);
  }
}

void compare_both(const Plan& before, const Plan& after, std::string_view a, std::string_view b) {
  const PlanChange there = compare(before, after);
  require_printable(summary(there));
  if (has_repeated_ids(before) || has_repeated_ids(after)) return;
  require_reverse(there, compare(after, before), a, b);
  require(before.tasks.size() + count(there, Kind::added) ==
              after.tasks.size() + count(there, Kind::removed),
          "what came and went makes the difference", {a, b});
  if (!is_numbered(before) || !is_numbered(after)) return;
  const bool equal = comparable(before) == comparable(after);
  require(equal == (there.fields.empty() && there.tasks.empty()),
          "no difference is said of what is the same, and only of that", {a, b});
}

}  // namespace

void play(Input& input) {
  const bool of_lines = input.flag();
  std::string a = input.piece();
  std::string b = input.rest();
  if (of_lines) {
    Input lines_of_a(a);
    Input lines_of_b(b);
    a = plan_of_lines(lines_of_a);
    b = plan_of_lines(lines_of_b);
  }
  accepts([&] {
    const Plan before = toml_io::parse_plan(a, "a").plan;
    const Plan after = toml_io::parse_plan(b, "b").plan;
    require(compare(before, before).empty(), "a plan does not differ from itself", {a});
    require(summary(compare(before, before)).empty(), "no difference has no words", {a});
    compare_both(before, after, a, b);
  });
}

}  // namespace gitplan::fuzz
