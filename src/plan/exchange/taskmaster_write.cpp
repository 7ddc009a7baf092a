// A plan as Task Master's tasks.json.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "plan/exchange/record_json.hpp"
#include "plan/exchange/taskmaster_said.hpp"
#include "plan/ids.hpp"

namespace gitplan::exchange {
namespace {

/// Where each task goes: "5", or "5.2" under the task whose external id is "5".
class Places {
 public:
  explicit Places(const Plan& plan) {
    std::set<std::string> used;
    for (const Task& task : plan.tasks) {
      const std::string wanted = task.external_id.value_or("");
      const auto number = task_number(wanted);
      if (number && wanted == fmt::format("{}", *number) && used.insert(wanted).second)
        ids_[task.id] = wanted;
    }
    for (const Task& task : plan.tasks) {
      const std::string wanted = task.external_id.value_or("");
      const auto dot = wanted.find('.');
      if (dot == std::string::npos || ids_.contains(task.id)) continue;
      const auto part = task_number(wanted.substr(dot + 1));
      const bool fits = part && wanted.substr(dot + 1) == fmt::format("{}", *part) &&
                        used.contains(wanted.substr(0, dot));
      if (fits && used.insert(wanted).second) ids_[task.id] = wanted;
    }
    std::uint32_t next = 1;
    for (const std::string& id : used) next = std::max(next, task_number(id).value_or(0) + 1);
    for (const Task& task : plan.tasks) {
      if (ids_.contains(task.id)) continue;
      std::string id = fmt::format("{}", task_number(task.id).value_or(next));
      while (!used.insert(id).second) id = fmt::format("{}", next++);
      ids_[task.id] = id;
    }
  }
  [[nodiscard]] const std::string& of(const std::string& id) const { return ids_.at(id); }

 private:
  std::map<std::string, std::string> ids_;
};

std::string word_of(Status status) {
  switch (status) {
    case Status::completed:
      return "done";
    case Status::in_progress:
      return "in-progress";
    case Status::cancelled:
      return "cancelled";
    case Status::failed:
      return "blocked";
    case Status::pending:
      break;
  }
  return "pending";
}

std::string word_of(Priority priority) { return std::string(to_string(priority)); }

/// "5" as the number 5, as Task Master writes it; "5.2" as it is.
Json id_json(const std::string& id) {
  const auto number = task_number(id);
  return number ? Json(*number) : Json(id);
}

Json entry_of(const Plan& plan, const Task& task, std::size_t place, const Places& places) {
  const std::string& id = places.of(task.id);
  const auto dot = id.find('.');
  Json dependencies = Json::array();
  for (const std::string& needed : task.depends_on) {
    const auto found = plan.find(needed);
    if (found) dependencies.push_back(id_json(places.of(plan.tasks[*found].id)));
  }
  Json entry;
  entry["id"] = id_json(dot == std::string::npos ? id : id.substr(dot + 1));
  entry["title"] = task.description;
  entry["description"] = task.description;
  entry["status"] = word_of(task.status);
  entry["priority"] = word_of(task.effective_priority());
  entry["dependencies"] = std::move(dependencies);
  entry["details"] = task.details.value_or("");
  entry["testStrategy"] = task.test_strategy.value_or("");
  entry["metadata"] = metadata_of(task, place, taskmaster_said(entry));
  entry["subtasks"] = Json::array();
  return entry;
}

}  // namespace

std::string to_taskmaster(const Plan& plan) {
  const Places places(plan);
  Json tasks = Json::array();
  std::map<std::string, std::size_t> tops;
  std::vector<std::pair<std::string, Json>> parts;
  for (std::size_t i = 0; i < plan.tasks.size(); ++i) {
    const std::string& id = places.of(plan.tasks[i].id);
    Json entry = entry_of(plan, plan.tasks[i], i, places);
    if (const auto dot = id.find('.'); dot != std::string::npos) {
      parts.emplace_back(id.substr(0, dot), std::move(entry));
    } else {
      tops[id] = tasks.size();
      tasks.push_back(std::move(entry));
    }
  }
  for (auto& [parent, entry] : parts) {
    entry.erase("subtasks");
    tasks[tops.at(parent)]["subtasks"].push_back(std::move(entry));
  }
  Json metadata{{"created", plan.created_at},
                {"description", plan.user_request},
                {"git_plan", plan_json(plan)}};
  const Json document{{"master", {{"tasks", std::move(tasks)}, {"metadata", std::move(metadata)}}}};
  return document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace gitplan::exchange
