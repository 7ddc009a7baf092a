#include "cli/task_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "plan/estimate.hpp"
#include "session/task_object.hpp"

namespace gitplan::cli {
namespace {

std::string estimate_of(const PlanView& view, TaskIndex index) {
  const auto& estimate = view.task(index).estimated_time;
  if (!estimate) return "";
  return parse_duration(*estimate) ? format_minutes(view.estimates().minutes[index])
                                   : text::printable(*estimate);
}

/// One line of at most `columns`, taken from the front of `text`.
std::string take_line(std::string_view& text, int columns) {
  const auto newline = text.find('\n');
  std::string_view line = text.substr(0, newline);
  if (text::width(line) > columns) {
    std::size_t space = std::string_view::npos;
    for (std::size_t i = line.find(' '); i != std::string_view::npos; i = line.find(' ', i + 1)) {
      if (text::width(line.substr(0, i)) > columns) break;
      if (i > 0) space = i;
    }
    if (space != std::string_view::npos) {
      line = line.substr(0, space);
      text.remove_prefix(space + 1);
      return std::string(line);
    }
  }
  text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
  return std::string(line);
}

/// "worker 1", "worker 1 on build-3f2a"
std::string who_has(const PlanView& view, TaskIndex index) {
  if (const Slot* slot = view.slot(index)) return fmt::format("worker {}", slot->number);
  const SeenClaim* claim = view.claimed_elsewhere(index);
  if (claim == nullptr) return "";
  const auto& known = claim->standing.claim;
  if (!known) return "elsewhere";
  return known->worker > 0 ? fmt::format("worker {} on {}", known->worker, known->machine)
                           : "on " + known->machine;
}

}  // namespace

std::string progress_word(const PlanView& view, TaskIndex index) {
  if (view.is_free(index)) return "free";
  if (view.status(index) == Status::pending) {
    return blockers(view, index).empty() ? "ready" : "pending";
  }
  return spoken(view, index);
}

std::vector<Cell> task_row(const PlanView& view, TaskIndex index, const Style& style) {
  const Task& task = view.task(index);
  const std::string word = progress_word(view, index);
  const std::string painted =
      word == "ready" ? style.yellow(word) : style.status(view.status(index), word);
  constexpr std::size_t columns = 6;
  std::vector<Cell> row;
  row.reserve(columns);
  row.push_back(Cell::plain(task.id));
  row.push_back(Cell::painted(word, painted));
  row.push_back(Cell::plain(estimate_of(view, index)));
  row.push_back(Cell::plain(task.priority ? to_string(*task.priority) : ""));
  row.push_back(Cell::plain(who_has(view, index)));
  row.push_back(Cell::plain(text::fold_space(task.description)));
  return row;
}

std::string indented(std::string_view content, const Style& style) {
  const std::string safe = text::printable(text::trim(content), text::Lines::keep);
  if (safe.empty()) return "";
  constexpr int comfortable = 72;
  const int columns = (style.columns > 0 ? style.columns : comfortable) - 2;
  std::string text;
  std::string_view rest = safe;
  while (!rest.empty()) text += "  " + take_line(rest, columns) + "\n";
  return text;
}

std::string paragraph(std::string_view title, std::string_view content, const Style& style) {
  const std::string lines = indented(content, style);
  return lines.empty() ? "" : style.bold(title) + "\n" + lines + "\n";
}

std::string wrapped(std::string_view content, std::string_view prefix, const Style& style) {
  const std::string safe = text::printable(text::trim(content), text::Lines::keep);
  constexpr int comfortable = 78;
  const int room = (style.columns > 0 ? style.columns : comfortable) - text::width(prefix);
  std::string text;
  std::string start(prefix);
  std::string_view rest = safe;
  while (!rest.empty()) {
    text += start + take_line(rest, std::max(room, 1)) + "\n";
    start.assign(static_cast<std::size_t>(text::width(prefix)), ' ');
  }
  return text;
}

std::string progress_line(const PlanView& view) {
  return fmt::format("{} of {} completed", view.count(Status::completed),
                     text::count(static_cast<long long>(view.size()), "task", "tasks"));
}

}  // namespace gitplan::cli
