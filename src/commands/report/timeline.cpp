#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "commands/report/escape.hpp"
#include "commands/report/svg_graph.hpp"
#include "commands/report/words.hpp"
#include "plan/estimate.hpp"
#include "session/task_object.hpp"

namespace gitplan::commands {
namespace {

constexpr int lane_height = 46;
constexpr int label_height = 18;
constexpr int axis_height = 22;

/// One row of the drawing: a slot, or one of those who worked without any.
struct Lane {
  std::optional<int> worker;
  std::string machine;
  std::vector<TaskIndex> tasks;
  Seconds busy_until = 0;
};

Seconds end_of(const Report& report, TaskIndex task) {
  const TaskRun& run = report.history.tasks[task];
  return std::max(run.finished.value_or(report.made), *run.started);
}

/// Workers by number; then, packed, those without a slot. A worker that shows two tasks at once (a
/// slot that was handed on early) gets a second row.
std::vector<Lane> lanes_of(const Report& report) {
  std::vector<TaskIndex> order;
  for (TaskIndex i = 0; i < report.history.tasks.size(); ++i) {
    if (report.history.tasks[i].started) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](TaskIndex a, TaskIndex b) {
    return *report.history.tasks[a].started < *report.history.tasks[b].started;
  });
  std::vector<Lane> lanes;
  for (const TaskIndex task : order) {
    const TaskRun& run = report.history.tasks[task];
    auto lane = std::find_if(lanes.begin(), lanes.end(), [&](const Lane& one) {
      return one.worker == run.worker && one.machine == run.machine &&
             one.busy_until <= *run.started;
    });
    if (lane == lanes.end()) lane = lanes.insert(lanes.end(), Lane{run.worker, run.machine, {}, 0});
    lane->tasks.push_back(task);
    lane->busy_until = end_of(report, task);
  }
  std::stable_sort(lanes.begin(), lanes.end(), [](const Lane& a, const Lane& b) {
    constexpr int last = 1 << 30;
    return std::pair(a.machine, a.worker.value_or(last)) <
           std::pair(b.machine, b.worker.value_or(last));
  });
  return lanes;
}

/// Seconds between marks of the axis, so that there are at most five, which a telephone has room
/// for.
Seconds step_for(Seconds length) {
  constexpr std::array<Seconds, 18> steps{
      1,    5,    10,   30,     60,     2 * 60, 5 * 60, 10 * 60,    15 * 60,
      1800, 3600, 7200, 14'400, 21'600, 43'200, 86'400, 7 * 86'400, 28 * 86'400};
  constexpr Seconds most = 5;
  for (const Seconds step : steps) {
    if (length / step <= most) return step;
  }
  return std::max<Seconds>(length / most, 1);
}

class Timeline {
 public:
  Timeline(const PlanView& view, const Report& report)
      : view_(&view),
        report_(&report),
        lanes_(lanes_of(report)),
        start_(*report.started),
        length_(std::max<Seconds>(report.until() - start_, 1)) {}

  [[nodiscard]] std::string html_of() const {
    const auto bottom = static_cast<int>(lanes_.size()) * lane_height;
    std::string out =
        fmt::format("<div class=\"timeline\" style=\"height:{}px\">\n", bottom + axis_height);
    out += axis(bottom);
    std::optional<std::string> above;
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      const int top = static_cast<int>(i) * lane_height;
      const std::string name = lane_name(lanes_[i].machine, lanes_[i].worker);
      if (above != name) {
        out += fmt::format("<span class=\"lane\" style=\"top:{}px\">{}</span>\n", top, html(name));
      }
      above = name;
      for (const TaskIndex task : lanes_[i].tasks) out += bar(task, top + label_height);
    }
    return out + "</div>\n";
  }

 private:
  [[nodiscard]] double percent(Seconds time) const {
    constexpr double all = 100;
    return all * static_cast<double>(time) / static_cast<double>(length_);
  }

  [[nodiscard]] std::string axis(int bottom) const {
    const Seconds step = step_for(length_);
    constexpr Seconds a_day = 86'400;
    constexpr Seconds a_minute = 60;
    std::string out;
    for (Seconds time = (start_ + step - 1) / step * step; time <= start_ + length_; time += step) {
      const double x = percent(time - start_);
      constexpr double near_an_edge = 6;
      const std::string label = step >= a_day     ? day(time)
                                : step < a_minute ? rfc3339(time).substr(11, 8)
                                                  : time_of_day(time);
      out += fmt::format(
          "<i class=\"tick{}\" style=\"left:{:.2f}%;height:{}px\"><span>{}</span></i>\n",
          x < near_an_edge         ? " first"
          : x > 100 - near_an_edge ? " last"
                                   : "",
          x, bottom, label);
    }
    return out;
  }

  [[nodiscard]] std::string bar(TaskIndex task, int top) const {
    const TaskRun& run = report_->history.tasks[task];
    const Seconds end = end_of(*report_, task);
    constexpr double thinnest = 0.35;
    const double width = std::max(percent(end - *run.started), thinnest);
    const double left = std::min(percent(*run.started - start_), 100 - width);
    const std::string label = fmt::format("{} {}", html(text::cut(view_->task(task).id, 12)),
                                          html(text::fold_space(view_->task(task).description)));
    return fmt::format(
        "<div class=\"bar {}\" style=\"left:{:.2f}%;top:{}px;width:{:.2f}%\" title=\"{} {}: {}, {} "
        "({})\"><span>{}</span></div>\n",
        to_string(view_->status(task)), left, top, width, html(view_->task(task).id),
        html(view_->task(task).description), spoken(*view_, task), span(*run.started, end),
        format_minutes(*report_->taken_minutes(task)), label);
  }

  const PlanView* view_;
  const Report* report_;
  std::vector<Lane> lanes_;
  Seconds start_;
  Seconds length_;
};

}  // namespace

std::string timeline(const PlanView& view, const Report& report) {
  return report.started ? Timeline(view, report).html_of() : "";
}

}  // namespace gitplan::commands
