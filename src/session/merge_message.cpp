#include "session/merge_message.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace gitplan {
namespace {

/// On one line, so that no value makes a trailer or a header of its own.
std::string on_one_line(std::string_view text) { return text::printable(text::fold_space(text)); }

}  // namespace

std::string merge_message(const Task& task, std::string_view session, std::string_view body,
                          const RunFacts& facts) {
  std::string message =
      fmt::format("Merge task {}: {}\n\n", task.id, on_one_line(task.description));
  const std::string_view trimmed = text::trim(body);
  if (!trimmed.empty()) message += text::printable(trimmed, text::Lines::keep) + "\n\n";
  message += fmt::format("Task: {}\nPlan: {}\n", task.id, session);
  for (const auto& capability : task.provides)
    message += fmt::format("Provides: {}\n", on_one_line(capability));
  return message + trailer_lines(facts);
}

}  // namespace gitplan
