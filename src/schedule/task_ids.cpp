#include "schedule/task_ids.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "plan/ids.hpp"

namespace gitplan::schedule {

namespace {

/// The same text for ids that name the same task.
std::string_view key_of(std::string_view id) {
  if (!task_number(id)) return id;
  const std::size_t zeros = std::min(id.find_first_not_of('0'), id.size() - 1);
  return id.substr(zeros);
}

std::uint32_t sort_number(std::string_view id) {
  return task_number(id).value_or(std::numeric_limits<std::uint32_t>::max());
}

}  // namespace

TaskIds::TaskIds(const Plan& plan) {
  keys_.reserve(plan.tasks.size());
  for (TaskIndex task = 0; task < plan.tasks.size(); ++task) {
    if (keys_.intern(key_of(plan.tasks[task].id)) == first_.size()) first_.push_back(task);
  }
}

std::optional<TaskIndex> TaskIds::find(std::string_view id) const {
  const auto key = keys_.find(key_of(id));
  return key ? std::optional(first_[*key]) : std::nullopt;
}

std::strong_ordering compare_ids(std::string_view a, std::string_view b) {
  const auto by_number = sort_number(a) <=> sort_number(b);
  if (by_number != 0 || task_number(a)) return by_number;
  return a <=> b;
}

std::vector<std::uint32_t> id_ranks(const Plan& plan) {
  std::vector<std::uint32_t> numbers;
  numbers.reserve(plan.tasks.size());
  for (const Task& task : plan.tasks) numbers.push_back(sort_number(task.id));
  std::vector<TaskIndex> order(plan.tasks.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto smaller = [&](TaskIndex a, TaskIndex b) {
    if (numbers[a] != numbers[b]) return numbers[a] < numbers[b];
    if (numbers[a] != std::numeric_limits<std::uint32_t>::max()) return false;
    return plan.tasks[a].id < plan.tasks[b].id;
  };
  if (std::is_sorted(order.begin(), order.end(), smaller)) return order;
  std::stable_sort(order.begin(), order.end(), smaller);
  std::vector<std::uint32_t> ranks(order.size());
  for (std::uint32_t rank = 0; rank < order.size(); ++rank) ranks[order[rank]] = rank;
  return ranks;
}

}  // namespace gitplan::schedule
