// What an import made of a file, in few words.
#pragma once

#include <string>
#include <vector>

#include "plan/exchange/exchange.hpp"

namespace gitplan::exchange::test {

inline const Task* task_of(const Imported& imported, const std::string& external_id) {
  for (const Task& task : imported.plan.tasks) {
    if (task.external_id == external_id) return &task;
  }
  return nullptr;
}

/// External ids, in order.
inline std::vector<std::string> external_ids(const Imported& imported) {
  std::vector<std::string> ids;
  for (const Task& task : imported.plan.tasks) ids.push_back(task.external_id.value_or(""));
  return ids;
}

/// What a task waits for, as external ids.
inline std::vector<std::string> needs(const Imported& imported, const std::string& external_id) {
  const Task* task = task_of(imported, external_id);
  if (task == nullptr) return {"no such task"};
  std::vector<std::string> names;
  for (const Task& other : imported.plan.tasks) {
    for (const std::string& id : task->depends_on) {
      if (id == other.id) names.push_back(other.external_id.value_or(""));
    }
  }
  return names;
}

inline std::vector<std::string> messages(const Imported& imported) {
  std::vector<std::string> all;
  for (const Diagnostic& warning : imported.warnings) all.push_back(warning.message);
  return all;
}

}  // namespace gitplan::exchange::test
