#include "schedule/rails.hpp"

#include <algorithm>

namespace gitplan::schedule {
namespace {

/// From the row of a task to the last row that waits for it.
struct Span {
  TaskIndex task = 0;
  std::size_t first = 0;
  std::size_t last = 0;
  std::size_t edges = 0;  ///< that its rail would draw

  [[nodiscard]] std::size_t length() const { return last - first; }
};

std::vector<Span> spans_of(const Drawing& drawing, const std::vector<std::size_t>& row_of) {
  std::vector<Span> spans;
  std::vector<std::size_t> last(row_of.size());
  std::vector<std::size_t> edges(row_of.size());
  for (TaskIndex task = 0; task < row_of.size(); ++task) {
    for (const TaskIndex predecessor : drawing.predecessors[task]) {
      last[predecessor] = std::max(last[predecessor], row_of[task]);
      ++edges[predecessor];
    }
  }
  for (TaskIndex task = 0; task < row_of.size(); ++task) {
    if (last[task] > row_of[task]) spans.push_back({task, row_of[task], last[task], edges[task]});
  }
  std::stable_sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
    return a.length() != b.length() ? a.length() < b.length() : a.first < b.first;
  });
  return spans;
}

/// The lowest rail that is free between two rows. One may begin in the row where another ends.
std::optional<int> find_rail(const std::vector<std::vector<bool>>& taken, const Span& span) {
  for (std::size_t rail = 0; rail < taken.size(); ++rail) {
    const auto from = taken[rail].begin() + static_cast<std::ptrdiff_t>(span.first);
    const auto until = taken[rail].begin() + static_cast<std::ptrdiff_t>(span.last);
    if (std::find(from, until + 1, true) == until + 1) return static_cast<int>(rail);
  }
  return std::nullopt;
}

/// The rail of each task; none for those without, or without room. First come, first served.
std::vector<std::optional<int>> assign(const std::vector<Span>& spans, std::size_t rows, int most) {
  std::vector<std::vector<bool>> taken(static_cast<std::size_t>(std::max(most, 0)),
                                       std::vector<bool>(rows));
  std::vector<std::optional<int>> rail_of(rows);
  for (const Span& span : spans) {
    const auto rail = find_rail(taken, span);
    if (!rail) continue;
    std::fill(
        taken[static_cast<std::size_t>(*rail)].begin() + static_cast<std::ptrdiff_t>(span.first),
        taken[static_cast<std::size_t>(*rail)].begin() + static_cast<std::ptrdiff_t>(span.last) + 1,
        true);
    rail_of[span.task] = rail;
  }
  return rail_of;
}

/// Where there is no room for all, those go first that draw the most edges for their length: a task
/// that a whole wave waits for, before one of that wave.
std::vector<std::optional<int>> assign_fitting(std::vector<Span> spans, std::size_t rows,
                                               int most) {
  auto rail_of = assign(spans, rows, most);
  const bool all_fit = std::all_of(
      spans.begin(), spans.end(), [&](const Span& span) { return rail_of[span.task].has_value(); });
  if (all_fit) return rail_of;
  std::stable_sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
    return a.edges * b.length() > b.edges * a.length();
  });
  return assign(spans, rows, most);
}

}  // namespace

Rails rails_of(const Drawing& drawing, const LayeredLayout& layout, int most) {
  const std::size_t tasks = drawing.layer_of.size();
  Rails rails;
  std::vector<std::size_t> row_of(tasks);
  for (std::size_t layer = 0; layer < layout.layers.size(); ++layer) {
    for (const auto node : layout.layers[layer]) {
      if (node >= tasks) continue;
      row_of[node] = rails.rows.size();
      Rails::Row row;
      row.task = static_cast<TaskIndex>(node);
      row.layer = static_cast<int>(layer);
      rails.rows.push_back(std::move(row));
    }
  }
  const auto spans = spans_of(drawing, row_of);
  const auto rail_of = assign_fitting(spans, tasks, most);
  for (const auto& rail : rail_of) rails.count = std::max(rails.count, rail.value_or(-1) + 1);
  for (const Span& span : spans) {
    if (const auto rail = rail_of[span.task]) {
      rails.rows[span.first].begun = rail;
      for (std::size_t row = span.first + 1; row <= span.last; ++row)
        rails.rows[row].passing.push_back(*rail);
    }
  }
  for (Rails::Row& row : rails.rows) {
    for (const TaskIndex predecessor : drawing.predecessors[row.task]) {
      const auto rail = rail_of[predecessor];
      if (!rail) {
        row.unrailed.push_back(predecessor);
        continue;
      }
      std::erase(row.passing, *rail);
      const auto span = std::find_if(spans.begin(), spans.end(),
                                     [&](const Span& one) { return one.task == predecessor; });
      (span->last == row_of[row.task] ? row.ended : row.joined).push_back(*rail);
    }
  }
  return rails;
}

}  // namespace gitplan::schedule
