#include "commands/report/svg_graph.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "commands/report/escape.hpp"
#include "plan/estimate.hpp"
#include "schedule/layered_layout.hpp"
#include "session/task_object.hpp"

namespace gitplan::commands {
namespace {

constexpr double box_width = 196;
constexpr double box_height = 58;
constexpr double layer_gap = 56;
constexpr double task_gap = 14;
constexpr double margin = 2;
constexpr double heading = 28;
constexpr int label_columns = 28;  // of 12 px text, so that most of it fits into the box

double left_of(int layer) { return margin + layer * (box_width + layer_gap); }

double middle_of(double position) {
  return heading + margin + position * (box_height + task_gap) - task_gap / 2;
}

std::string_view mark(Status status) {
  switch (status) {
    case Status::completed:
      return "✓";
    case Status::in_progress:
      return "●";
    case Status::failed:
      return "✗";
    case Status::cancelled:
      return "–";
    case Status::pending:
      break;
  }
  return "○";
}

/// The text in two lines, broken between words where that goes.
std::pair<std::string, std::string> two_lines(const std::string& words) {
  if (text::width(words) <= label_columns) return {words, ""};
  std::string first = text::cut(words, label_columns);
  if (first.ends_with("…")) first.resize(first.size() - std::string_view("…").size());
  const auto space = words[first.size()] == ' ' ? first.size() : first.rfind(' ');
  if (space != std::string::npos && space > 0) first.resize(space);
  const std::string rest(text::trim(std::string_view(words).substr(first.size())));
  return {first, text::cut(rest, label_columns)};
}

std::string line_path(const schedule::LayeredLayout& layout,
                      const schedule::LayeredLayout::Line& line) {
  double x = left_of(layout.layer_of[line.from]) + box_width;
  double y = middle_of(layout.position[line.from]);
  std::string path = fmt::format("M{:.1f} {:.1f}", x, y);
  const auto go_to = [&](schedule::LayeredLayout::Node node, double room) {
    const double to_x = left_of(layout.layer_of[node]) - room;
    const double to_y = middle_of(layout.position[node]);
    const double half = (to_x - x) / 2;
    path += fmt::format("C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}", x + half, y, to_x - half,
                        to_y, to_x, to_y);
    x = to_x;
    y = to_y;
  };
  for (const auto bend : line.bends) {
    go_to(bend, 0);
    x += box_width;
    path += fmt::format("H{:.1f}", x);
  }
  constexpr double arrow = 5;
  go_to(line.to, arrow);
  return path;
}

/// One task; `place` is its x and y in a drawing, as attributes.
std::string box(const PlanView& view, const Report& report, const std::string& place,
                TaskIndex index) {
  const Task& task = view.task(index);
  const auto [first, second] = two_lines(text::printable(text::fold_space(task.description)));
  const auto taken = report.taken_minutes(index);
  std::string minutes;
  if (taken) {
    minutes = format_minutes(*taken);
  } else if (task.estimated_time) {
    minutes = format_minutes(view.estimates().minutes[index]);
  }
  return fmt::format(
      "<svg class=\"box {}\"{} width=\"{}\" height=\"{}\"><title>{} {} "
      "({})</title><rect x=\"1\" y=\"1\" width=\"{}\" height=\"{}\" rx=\"7\"/><text class=\"id\" "
      "x=\"11\" y=\"19\">{} {}</text><text class=\"minutes\" x=\"{}\" y=\"19\">{}</text><text "
      "x=\"11\" y=\"35\">{}</text><text x=\"11\" y=\"50\">{}</text></svg>\n",
      to_string(view.status(index)), place, box_width, box_height, html(task.id),
      html(task.description), spoken(view, index), box_width - 2, box_height - 2,
      mark(view.status(index)), html(text::cut(task.id, 12)), box_width - 11, html(minutes),
      html(first), html(second));
}

/// What is drawn with lines between it, and what would only make a column of the drawing long.
struct Split {
  schedule::Drawing drawing;  ///< of `tied`, by its indices
  std::vector<TaskIndex> tied;
  std::vector<TaskIndex> loose;  ///< tied to nothing; in the order of the plan
};

std::vector<bool> tied_tasks(const schedule::Drawing& drawing) {
  std::vector<bool> tied(drawing.layer_of.size());
  for (TaskIndex task = 0; task < tied.size(); ++task) {
    for (const TaskIndex predecessor : drawing.predecessors[task])
      tied[task] = tied[predecessor] = true;
  }
  return tied;
}

/// Whether each column, with all its tasks, is as short as the longest one of tied tasks.
bool has_room(const schedule::Drawing& drawing, const std::vector<bool>& tied) {
  std::vector<std::size_t> all(static_cast<std::size_t>(drawing.layers));
  std::vector<std::size_t> of_tied(all.size());
  for (TaskIndex task = 0; task < tied.size(); ++task) {
    const auto layer = static_cast<std::size_t>(drawing.layer_of[task]);
    ++all[layer];
    if (tied[task]) ++of_tied[layer];
  }
  return *std::max_element(all.begin(), all.end()) <=
         *std::max_element(of_tied.begin(), of_tied.end());
}

Split split(const schedule::Drawing& drawing) {
  const std::vector<bool> tied = tied_tasks(drawing);
  const bool all = has_room(drawing, tied);
  Split parts;
  std::vector<TaskIndex> place(tied.size());
  for (TaskIndex task = 0; task < tied.size(); ++task) {
    place[task] = static_cast<TaskIndex>(parts.tied.size());
    (all || tied[task] ? parts.tied : parts.loose).push_back(task);
  }
  std::vector<schedule::Edge> edges;
  for (const TaskIndex task : parts.tied) {
    parts.drawing.layer_of.push_back(drawing.layer_of[task]);
    parts.drawing.layers = std::max(parts.drawing.layers, drawing.layer_of[task] + 1);
    for (const TaskIndex predecessor : drawing.predecessors[task])
      edges.push_back({place[task], place[predecessor]});
  }
  parts.drawing.has_unreachable = drawing.has_unreachable && parts.drawing.layers == drawing.layers;
  parts.drawing.predecessors = schedule::Rows(parts.tied.size(), edges);
  return parts;
}

std::string heading_of(const schedule::Drawing& drawing, int layer) {
  const bool unreachable = drawing.has_unreachable && layer + 1 == drawing.layers;
  return fmt::format("<text class=\"layer\" x=\"{:.1f}\" y=\"14\">{}</text>\n", left_of(layer) + 1,
                     unreachable ? "Unreachable" : fmt::format("Wave {}", layer + 1));
}

std::string tied_svg(const PlanView& view, const Report& report, const Split& parts) {
  if (parts.tied.empty()) return "";
  const schedule::Drawing& drawing = parts.drawing;
  const auto layout = schedule::lay_out(drawing);
  const double width = left_of(drawing.layers - 1) + box_width + margin;
  const double height = middle_of(layout.extent) + margin - task_gap / 2;
  constexpr double least_scale = 0.72;  // smaller could not be read
  std::string out = fmt::format(
      "<div class=\"scroll\" tabindex=\"0\"><svg class=\"graph\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
      "style=\"max-width:{0:.0f}px;min-width:{2:.0f}px\" role=\"img\" aria-label=\"The tasks and "
      "what they wait for\">\n<defs><marker id=\"arrow\" viewBox=\"0 0 6 6\" refX=\"0.5\" "
      "refY=\"3\" markerWidth=\"6\" markerHeight=\"6\" orient=\"auto\"><path d=\"M0 0L6 3L0 "
      "6z\"/></marker></defs>\n",
      width, height, width * least_scale);
  for (int layer = 0; layer < drawing.layers; ++layer) out += heading_of(drawing, layer);
  for (const auto& line : layout.lines) {
    out += fmt::format("<path class=\"line {}\" d=\"{}\" marker-end=\"url(#arrow)\"/>\n",
                       to_string(view.status(parts.tied[line.from])), line_path(layout, line));
  }
  for (TaskIndex i = 0; i < parts.tied.size(); ++i) {
    const std::string place = fmt::format(" x=\"{:.1f}\" y=\"{:.1f}\"", left_of(layout.layer_of[i]),
                                          middle_of(layout.position[i]) - box_height / 2);
    out += box(view, report, place, parts.tied[i]);
  }
  return out + "</svg></div>\n";
}

std::string loose_boxes(const PlanView& view, const Report& report, std::string_view title,
                        const std::vector<TaskIndex>& tasks) {
  if (tasks.empty()) return "";
  std::string out = fmt::format("<h3>{}</h3>\n<div class=\"loose\">\n", title);
  for (const TaskIndex task : tasks) out += box(view, report, "", task);
  return out + "</div>\n";
}

}  // namespace

std::string svg_graph(const PlanView& view, const Report& report) {
  if (view.size() == 0) return "";
  const Split parts = split(schedule::drawing_of(view.graph(), view.waves()));
  std::vector<TaskIndex> startable;
  std::vector<TaskIndex> unreachable;
  for (const TaskIndex task : parts.loose)
    (view.waves().wave_of[task] == 0 ? unreachable : startable).push_back(task);
  return tied_svg(view, report, parts) +
         loose_boxes(view, report, "Tied to no other task", startable) +
         loose_boxes(view, report, "Unreachable", unreachable);
}

}  // namespace gitplan::commands
