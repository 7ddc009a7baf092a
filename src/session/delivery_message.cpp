#include "session/delivery_message.hpp"

#include <fmt/format.h>

#include <vector>

#include "base/text.hpp"

namespace gitplan {
namespace {

/// On one line, so that no value makes a trailer of its own.
std::string on_one_line(std::string_view text) { return text::printable(text::fold_space(text)); }

/// The first task of each session.
std::vector<const BuiltTask*> one_of_each_plan(std::span<const BuiltTask> tasks) {
  std::vector<const BuiltTask*> first;
  for (const BuiltTask& task : tasks) {
    if (first.empty() || first.back()->session != task.session) first.push_back(&task);
  }
  return first;
}

std::string subject(std::string_view flow_branch, std::span<const BuiltTask* const> plans) {
  constexpr int columns = 72;
  const std::string goal = plans.empty() ? "" : on_one_line(plans.front()->goal);
  if (goal.empty()) return fmt::format("Deliver {}", text::printable(flow_branch));
  std::string more;
  if (plans.size() > 1) {
    more = fmt::format(" and {}", text::count(static_cast<long long>(plans.size()) - 1, "plan more",
                                              "plans more"));
  }
  return text::cut(goal, columns - text::width(more)) + more;
}

}  // namespace

std::string delivery_message(std::string_view flow_branch, std::span<const BuiltTask> tasks,
                             std::string_view said, const std::optional<Squash>& squash) {
  const auto plans = one_of_each_plan(tasks);
  const std::string_view own = text::trim(said);
  std::string message =
      own.empty() ? subject(flow_branch, plans) : text::printable(own, text::Lines::keep);
  message += '\n';
  if (!tasks.empty()) message += '\n';
  for (const BuiltTask& task : tasks) {
    const std::string id = plans.size() > 1 ? task.session + "/" + task.id : task.id;
    message += fmt::format("- {} {}\n", id, on_one_line(task.description));
  }
  if (!plans.empty() || squash) message += '\n';
  for (const BuiltTask* plan : plans) message += fmt::format("Plan: {}\n", plan->session);
  if (squash) message += delivered_trailers(*squash) + "\n";
  return message;
}

}  // namespace gitplan
