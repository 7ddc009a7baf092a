// A plan as beads' issues.jsonl.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.hpp"
#include "plan/estimate.hpp"
#include "plan/exchange/beads_records.hpp"
#include "plan/exchange/record_json.hpp"
#include "plan/ids.hpp"

namespace gitplan::exchange {
namespace {

/// Ids as beads has them: its own where it gave them, else bd-<number>.
class Names {
 public:
  explicit Names(const Plan& plan) {
    for (const Task& task : plan.tasks) {
      std::string name = task.external_id.value_or("");
      const bool fits = name.find('-') != std::string::npos && !text::has_control(name) &&
                        name.find(' ') == std::string::npos;
      if (!fits) name = fmt::format("bd-{}", task_number(task.id).value_or(0));
      for (int n = 2; !used_.insert(name).second; ++n)
        name = fmt::format("bd-{}.{}", task_number(task.id).value_or(0), n);
      names_.push_back(name);
    }
    whole_ = "bd-plan";
    for (int n = 2; used_.contains(whole_); ++n) whole_ = fmt::format("bd-plan-{}", n);
  }
  [[nodiscard]] const std::string& of(std::size_t task) const { return names_[task]; }
  [[nodiscard]] const std::string& whole() const { return whole_; }

 private:
  std::vector<std::string> names_;
  std::set<std::string> used_;
  std::string whole_;
};

std::string word_of(Status status) {
  switch (status) {
    case Status::completed:
    case Status::cancelled:
      return "closed";
    case Status::in_progress:
      return "in_progress";
    case Status::failed:
      return "blocked";
    case Status::pending:
      break;
  }
  return "open";
}

Json edge(const std::string& from, const std::string& to, std::string_view type,
          const std::string& at) {
  return Json{{"issue_id", from}, {"depends_on_id", to}, {"type", type}, {"created_at", at}};
}

Json head(const std::string& id, const std::string& title, Status status, const Plan& plan) {
  Json issue{{"id", id}, {"title", title}, {"status", word_of(status)}};
  issue["created_at"] = plan.created_at;
  issue["updated_at"] = plan.created_at;
  if (status == Status::completed || status == Status::cancelled) {
    issue["closed_at"] = plan.created_at;
    issue["close_reason"] = to_string(status);
  }
  return issue;
}

Json issue_of(const Plan& plan, std::size_t index, const Names& names) {
  const Task& task = plan.tasks[index];
  Json issue = head(names.of(index), task.description, task.status, plan);
  issue["priority"] = static_cast<int>(task.effective_priority());
  issue["issue_type"] = "task";
  for (const auto* key : {"design", "notes", "labels", "issue_type", "assignee"}) {
    Json value = foreign_value(task.foreign, key);
    if (!value.is_null() && !value.is_discarded()) issue[key] = std::move(value);
  }
  if (task.details) issue["description"] = beads_description(*task.details, issue);
  if (task.test_strategy) issue["acceptance_criteria"] = *task.test_strategy;
  constexpr double seconds_a_minute = 60;
  if (const auto time = parse_duration(task.estimated_time.value_or("")))
    issue["estimated_minutes"] = static_cast<std::int64_t>(*time / seconds_a_minute + 0.5);
  Json edges = Json::array();
  std::vector<std::string> needs;
  for (const std::string& id : task.depends_on) {
    const auto found = plan.find(id);
    if (!found) continue;
    needs.push_back(names.of(*found));
    edges.push_back(edge(names.of(index), needs.back(), "blocks", plan.created_at));
  }
  edges.push_back(edge(names.of(index), names.whole(), "parent-child", plan.created_at));
  issue["dependencies"] = std::move(edges);
  Json as{{"title", issue["title"]},
          {"status", issue["status"]},
          {"priority", issue["priority"]},
          {"dependencies", needs},
          {"details", beads_guidance(issue)},
          {"test_strategy", prose_at(issue, "acceptance_criteria")}};
  issue["metadata"] = metadata_of(task, index, std::move(as));
  return issue;
}

std::string line_of(const Json& issue) {
  return issue.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

bool is_settled(const Task& task) {
  return task.status == Status::completed || task.status == Status::cancelled;
}

}  // namespace

std::string to_beads(const Plan& plan) {
  const Names names(plan);
  const bool done =
      !plan.tasks.empty() && std::all_of(plan.tasks.begin(), plan.tasks.end(), is_settled);
  Json whole =
      head(names.whole(), plan.user_request.empty() ? "plan/" + plan.session_id : plan.user_request,
           done ? Status::completed : Status::pending, plan);
  whole["priority"] = static_cast<int>(Priority::medium);
  whole["issue_type"] = "epic";
  whole["metadata"] = Json{{"git_plan", {{"plan", plan_json(plan)}}}};
  std::string lines = line_of(whole);
  for (std::size_t i = 0; i < plan.tasks.size(); ++i) lines += line_of(issue_of(plan, i, names));
  return lines;
}

}  // namespace gitplan::exchange
