// A plan as `plan create -F` takes it.
#include <nlohmann/json.hpp>

#include "plan/exchange/record_json.hpp"

namespace gitplan::exchange {
namespace {

/// Literals become values, beside our own keys.
Json flatten(Json object, const std::vector<ForeignKey>& foreign) {
  object.erase("foreign");
  for (const auto& [key, literal] : foreign) {
    Json value = foreign_value(foreign, key);
    if (!value.is_null() && !value.is_discarded()) object[key] = std::move(value);
  }
  return object;
}

}  // namespace

std::string to_json(const Plan& plan) {
  Json object = flatten(plan_json(plan), plan.foreign);
  Json tasks = Json::array();
  for (const Task& task : plan.tasks) tasks.push_back(flatten(task_json(task), task.foreign));
  object["tasks"] = std::move(tasks);
  return object.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace gitplan::exchange
