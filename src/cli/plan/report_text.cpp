#include "cli/plan/report_text.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/task_text.hpp"
#include "commands/report/words.hpp"
#include "plan/estimate.hpp"
#include "session/task_object.hpp"

namespace gitplan::cli {
namespace {

using commands::Report;

std::string section(std::string_view title, const std::string& body, const Style& style) {
  return body.empty() ? "" : style.bold(title) + "\n" + body + "\n";
}

std::string head(const PlanView& view, const Report& report, const Style& style) {
  std::string out = fmt::format("{} {}, {}, {}\n", style.bold(view.branch()), view.version(),
                                schedule::to_string(view.state()), progress_line(view));
  const std::string duration = commands::duration(report);
  if (!duration.empty()) out += indented(duration + "\n" + commands::effort(report), style);
  const std::string size = commands::size_of_work(report.history.total);
  if (!size.empty())
    out += indented(fmt::format("{}, on '{}'", size, view.plan().flow_branch), style);
  const std::string stuck = schedule::stuck_reason(view.graph(), view.progress());
  if (!stuck.empty()) out += indented("stuck: " + stuck, style);
  return out + "\n";
}

/// "5 of 8 min"
std::string taken_of_estimate(const PlanView& view, TaskIndex index,
                              const std::optional<double>& taken) {
  std::string estimate;
  if (view.task(index).estimated_time) estimate = format_minutes(view.estimates().minutes[index]);
  if (!taken) return estimate.empty() ? "" : "of " + estimate;
  std::string text = format_minutes(*taken);
  if (estimate.empty()) return text;
  if (text.ends_with(" min") && estimate.ends_with(" min")) text.resize(text.size() - 4);
  return text + " of " + estimate;
}

std::string tasks(const PlanView& view, const Report& report, const Style& style) {
  Table table;
  for (TaskIndex i = 0; i < view.size(); ++i) {
    const auto& run = report.history.tasks[i];
    const auto taken = report.taken_minutes(i);
    const std::string word = spoken(view, i);
    std::string tries;
    if (run.attempts && *run.attempts > 1) tries = fmt::format("try {}", *run.attempts);
    table.row({Cell::plain(view.task(i).id),
               Cell::painted(word, style.status(view.status(i), word)),
               Cell::plain(run.landing ? run.landing->commit.abbreviated() : ""),
               Cell::plain(run.landing && run.landing->changes
                               ? commands::plus_minus(*run.landing->changes)
                               : ""),
               Cell::plain(taken_of_estimate(view, i, taken)), Cell::plain(tries),
               Cell::plain(text::fold_space(view.task(i).description))});
  }
  return table.text(style, "  ");
}

std::string messages(const PlanView& view, const Report& report, const Style& style) {
  std::string out;
  for (TaskIndex i = 0; i < view.size(); ++i) {
    const auto& landing = report.history.tasks[i].landing;
    if (!landing || landing->message.empty()) continue;
    out += fmt::format("  {}\n{}", text::printable(view.task(i).id),
                       indented(landing->message, style));
  }
  return out;
}

std::string waves(const PlanView& view, const Report& report, const Style& style) {
  Table table;
  for (std::size_t i = 0; i < report.waves.size(); ++i) {
    const auto& wave = report.waves[i];
    std::vector<std::string> ids;
    for (const TaskIndex task : wave.tasks) ids.push_back(view.task(task).id);
    constexpr double seconds_per_minute = 60;
    const double minutes = static_cast<double>(wave.finished - wave.started) / seconds_per_minute;
    table.row({Cell::plain(std::to_string(i + 1)),
               Cell::plain(commands::span(wave.started, wave.finished)),
               Cell::plain(format_minutes(minutes)), Cell::plain(text::join(ids, ", "))});
  }
  return table.text(style, "  ");
}

std::string setbacks(const Report& report, const Style& style) {
  Table table;
  for (const auto& setback : report.history.setbacks) {
    table.row(
        {Cell::plain(setback.task),
         Cell::plain(setback.time > 0 ? commands::minute_of(setback.time) : ""),
         Cell::plain(setback.facts.worker ? fmt::format("worker {}", *setback.facts.worker) : ""),
         Cell::plain(commands::describe(setback))});
  }
  std::string out = table.text(style, "  ");
  for (std::size_t i = 0; i < report.last_output.size(); ++i) {
    if (report.last_output[i].empty()) continue;
    out +=
        fmt::format("  {}, the last it said:\n", text::printable(report.history.setbacks[i].task));
    for (const auto& line : report.last_output[i])
      out += fmt::format("    {}\n", text::printable(line));
  }
  return out;
}

std::string remaining(const PlanView& view, const Report& report, const Style& style) {
  Table table;
  for (const auto& one : report.remaining)
    table.row({Cell::plain(view.task(one.task).id), Cell::plain(one.why)});
  return table.text(style, "  ");
}

std::string verified(const Report& report) {
  const std::string words = commands::verifications(report);
  return words.empty() ? "" : "  " + words + "\n";
}

std::string usage(const Report& report) {
  const std::string words = commands::usage_words(report);
  return words.empty() ? "" : "  " + text::printable(words) + "\n";
}

std::string capabilities(const Report& report) {
  std::string out;
  for (const auto& one : report.capabilities) out += "  " + text::printable(one) + "\n";
  return out;
}

std::string notes(const PlanView& view, const Report& report, const Style& style) {
  std::string out;
  for (const Update& update : view.plan().updates)
    out += fmt::format("  v{}, {}\n{}", update.version, text::printable(update.at),
                       indented(update.note, style));
  for (const auto& one : report.approvals)
    out += fmt::format("  v{} approved by {}, {}\n{}", one.version, text::printable(one.by),
                       text::printable(one.at), indented(one.note, style));
  return out;
}

}  // namespace

std::string report_text(const PlanView& view, const Report& report, const Style& style) {
  const Plan& plan = view.plan();
  std::string out = head(view, report, style) + paragraph("Request", plan.user_request, style) +
                    paragraph("Architecture", plan.architecture, style) +
                    paragraph("Design patterns", plan.design_patterns, style) +
                    paragraph("Technology stack", plan.technology_stack, style) +
                    section("Built", tasks(view, report, style), style) +
                    section("Said at the merge", messages(view, report, style), style) +
                    section("Waves as they ran", waves(view, report, style), style) +
                    section("Failures and retries", setbacks(report, style), style) +
                    section("Verifications", verified(report), style) +
                    section("Usage", usage(report), style) +
                    section("Remaining", remaining(view, report, style), style) +
                    section("Capabilities now available", capabilities(report), style) +
                    section("Notes", notes(view, report, style), style);
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

}  // namespace gitplan::cli
