#include "plan/plan.hpp"

#include <algorithm>
#include <array>

#include "plan/ids.hpp"

namespace gitplan {
namespace {

constexpr std::array<std::string_view, 5> status_words = {"pending", "in_progress", "completed",
                                                          "failed", "cancelled"};
constexpr std::array<std::string_view, 4> priority_words = {"critical", "high", "medium", "low"};

template <class Enum, std::size_t N>
std::optional<Enum> parse_word(const std::array<std::string_view, N>& words,
                               std::string_view text) {
  const auto* const found = std::ranges::find(words, text);
  if (found == words.end()) return std::nullopt;
  return static_cast<Enum>(found - words.begin());
}

}  // namespace

std::string_view to_string(Status status) {
  return status_words.at(static_cast<std::size_t>(status));
}

std::string_view to_string(Priority priority) {
  return priority_words.at(static_cast<std::size_t>(priority));
}

std::optional<Status> parse_status(std::string_view text) {
  return parse_word<Status>(status_words, text);
}

std::optional<Priority> parse_priority(std::string_view text) {
  return parse_word<Priority>(priority_words, text);
}

std::optional<std::size_t> Plan::find(std::string_view id) const {
  if (id.empty()) return std::nullopt;
  const auto number = task_number(id);
  const auto found = std::ranges::find_if(tasks, [&](const Task& task) {
    // Most others end with another digit, and need no further look.
    if (task.id.empty() || task.id.back() != id.back()) return false;
    return task.id == id || (number && task_number(task.id) == number);
  });
  if (found == tasks.end()) return std::nullopt;
  return static_cast<std::size_t>(found - tasks.begin());
}

void clear_outcome(Task& task) {
  task.reason.reset();
  task.needs_decision = false;
  task.question.reset();
  task.answer.reset();
}

}  // namespace gitplan
