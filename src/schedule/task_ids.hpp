// Tasks by their ids.
#pragma once

#include <compare>
#include <optional>
#include <string_view>
#include <vector>

#include "schedule/graph.hpp"

namespace gitplan::schedule {

/// Finds tasks by id; numerically equal ids name the same task, the first one that has it.
class TaskIds {
 public:
  explicit TaskIds(const Plan& plan);
  [[nodiscard]] std::optional<TaskIndex> find(std::string_view id) const;

 private:
  Interner keys_;
  std::vector<TaskIndex> first_;
};

/// Smaller ids first: by number; what is no number comes last, by its text.
std::strong_ordering compare_ids(std::string_view a, std::string_view b);

/// Each task's place in the order of ids; equal ids in plan order.
std::vector<std::uint32_t> id_ranks(const Plan& plan);

}  // namespace gitplan::schedule
