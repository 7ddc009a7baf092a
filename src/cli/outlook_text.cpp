#include "cli/outlook_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "cli/task_text.hpp"
#include "plan/estimate.hpp"
#include "session/task_object.hpp"

namespace gitplan::cli {
namespace {

/// "about 25 min", "due now": that every open task has had its time already.
std::string minutes_text(const TimeLeft& left) {
  const double minutes = std::ceil(left.makespan_minutes);
  return minutes > 0 ? "about " + format_minutes(minutes) : "due now";
}

std::string unestimated_text(const TimeLeft& left) {
  return left.unestimated == 0 ? "" : fmt::format(" ({} without an estimate)", left.unestimated);
}

void add_next(Table& table, const PlanView& view, const std::vector<TaskIndex>& next) {
  constexpr std::size_t most = 3;
  const std::size_t shown = std::min(next.size(), most);
  for (std::size_t i = 0; i < shown; ++i) {
    const Task& task = view.task(next[i]);
    table.row({Cell::plain(i == 0 ? "next" : ""),
               Cell::plain(fmt::format("{}  {}", task.id, text::fold_space(task.description)))});
  }
  if (next.size() > shown)
    table.row({Cell::plain(""), Cell::plain(fmt::format("and {} more", next.size() - shown))});
}

std::string next_ids(const PlanView& view, const std::vector<TaskIndex>& next) {
  constexpr std::size_t most = 4;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < std::min(next.size(), most); ++i)
    ids.push_back(text::printable(view.task(next[i]).id));
  const std::string more =
      next.size() > most ? fmt::format(" and {} more", next.size() - most) : "";
  return text::join(ids, ", ") + more;
}

}  // namespace

std::string standing_text(const PlanView& view) {
  std::string text = progress_line(view);
  for (const Status status : {Status::in_progress, Status::failed, Status::cancelled}) {
    if (const int count = view.count(status); count > 0)
      text += fmt::format(", {} {}", count, spoken(status));
  }
  return text;
}

std::string time_left_text(const TimeLeft& left) {
  if (!left.is_known()) return "";
  return fmt::format("{} with {}{}", minutes_text(left),
                     text::count(left.workers, "worker", "workers"), unestimated_text(left));
}

std::string outlook_text(const PlanView& view, const Outlook& outlook, const Style& style) {
  Table table;
  const std::string stuck = schedule::stuck_reason(view.graph(), view.progress());
  if (!stuck.empty()) table.row({Cell::plain("stuck"), Cell::plain(stuck)});
  add_next(table, view, outlook.next);
  const std::string time = time_left_text(outlook.left);
  if (stuck.empty() && !time.empty()) table.row({Cell::plain("time left"), Cell::plain(time)});
  return standing_text(view) + "\n" + table.text(style);
}

std::string outlook_line(const PlanView& view, const Outlook& outlook) {
  std::string line = standing_text(view);
  if (!outlook.next.empty()) line += "; next " + next_ids(view, outlook.next);
  if (outlook.left.is_known()) line += fmt::format("; {} left", minutes_text(outlook.left));
  return line;
}

}  // namespace gitplan::cli
