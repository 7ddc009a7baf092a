#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.hpp"
#include "commands/plan/graph.hpp"
#include "commands/report/escape.hpp"
#include "commands/report/report.hpp"
#include "commands/report/words.hpp"
#include "plan/estimate.hpp"
#include "session/task_object.hpp"

namespace gitplan::commands {
namespace {

std::string section(std::string_view title, const std::string& body) {
  return body.empty() ? "" : fmt::format("## {}\n\n{}\n", title, body);
}

/// Each line by itself, so that none becomes markup.
std::string quote(std::string_view words) {
  std::string out;
  const std::string_view trimmed = text::trim(words);
  if (trimmed.empty()) return out;
  for (const std::string_view line : text::split(trimmed, '\n'))
    out += "> " + markdown(line) + "  \n";
  return out;
}

std::string titled(std::string_view title, std::string_view words) {
  const std::string lines = quote(words);
  return lines.empty() ? "" : fmt::format("**{}**\n\n{}\n", title, lines);
}

std::string head(const PlanView& view, const Report& report) {
  std::string out = fmt::format("# Report: {}\n\n{} {}, {}: {} of {} completed.  \n",
                                markdown(view.session()), markdown(view.branch()), view.version(),
                                schedule::to_string(view.state()), view.count(Status::completed),
                                text::count(static_cast<long long>(view.size()), "task", "tasks"));
  if (const std::string words = duration(report); !words.empty())
    out += fmt::format("{}: {}.  \n", words, effort(report));
  if (const std::string words = size_of_work(report.history.total); !words.empty())
    out += fmt::format("{}, on {}.\n", words, markdown(view.plan().flow_branch));
  return out + "\n";
}

std::string asked(const PlanView& view) {
  const Plan& plan = view.plan();
  return quote(plan.user_request) + (plan.user_request.empty() ? "" : "\n") +
         titled("Architecture", plan.architecture) +
         titled("Design patterns", plan.design_patterns) +
         titled("Technology stack", plan.technology_stack);
}

std::string task_row(const PlanView& view, const Report& report, TaskIndex i) {
  const TaskRun& run = report.history.tasks[i];
  const Task& task = view.task(i);
  const auto taken = report.taken_minutes(i);
  const bool sized = run.landing && run.landing->changes;
  return fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", markdown(task.id),
                     markdown(task.description), spoken(view, i), markdown(worker_cell(run)),
                     task.estimated_time ? format_minutes(view.estimates().minutes[i]) : "",
                     taken ? format_minutes(*taken) : "",
                     run.attempts ? std::to_string(*run.attempts) : "",
                     run.landing ? "`" + run.landing->commit.abbreviated() + "`" : "",
                     sized ? fmt::format("{}: +{} −{}", run.landing->changes->files,
                                         run.landing->changes->added, run.landing->changes->removed)
                           : "");
}

std::string tasks(const PlanView& view, const Report& report) {
  if (view.size() == 0) return "";
  std::string out =
      "| task | description | status | worker | estimated | taken | attempts | commit | files |\n"
      "| --- | --- | --- | ---: | ---: | ---: | ---: | --- | ---: |\n";
  for (TaskIndex i = 0; i < view.size(); ++i) out += task_row(view, report, i);
  for (TaskIndex i = 0; i < view.size(); ++i) {
    const auto& landing = report.history.tasks[i].landing;
    if (landing && !landing->message.empty())
      out += fmt::format("\n**{}**\n\n{}", markdown(view.task(i).id), quote(landing->message));
  }
  return out;
}

std::string fenced(const std::string& diagram) { return "```mermaid\n" + diagram + "```\n"; }

std::string_view gantt_mark(Status status) {
  switch (status) {
    case Status::completed:
      return "done, ";
    case Status::in_progress:
      return "active, ";
    case Status::failed:
      return "crit, ";
    default:
      return "";
  }
}

/// One section a worker, as they worked.
std::string timeline(const PlanView& view, const Report& report) {
  std::vector<TaskIndex> order;
  for (TaskIndex i = 0; i < view.size(); ++i) {
    if (report.history.tasks[i].started) order.push_back(i);
  }
  const auto key = [&](TaskIndex i) {
    const TaskRun& run = report.history.tasks[i];
    constexpr int without_worker = 1 << 20;
    return std::tuple(run.machine, run.worker.value_or(without_worker), *run.started);
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](TaskIndex a, TaskIndex b) { return key(a) < key(b); });
  if (order.empty()) return "";
  std::string out = "gantt\n  dateFormat X\n  axisFormat %H:%M\n";
  std::optional<std::string> section;
  for (const TaskIndex i : order) {
    const TaskRun& run = report.history.tasks[i];
    const std::string name_of_lane = lane_name(run.machine, run.worker);
    if (section != name_of_lane) {
      section = name_of_lane;
      out += fmt::format("  section {}\n",
                         run.worker || !run.machine.empty() ? name_of_lane : "no slot");
    }
    constexpr int columns = 40;
    const std::string name = fmt::format(
        "{} {}", view.task(i).id, text::cut(text::fold_space(view.task(i).description), columns));
    const Seconds until = std::max(run.finished.value_or(report.made), *run.started + 1);
    out += fmt::format("  {} :{}t{}, {}, {}\n", mermaid(name), gantt_mark(view.status(i)), i,
                       *run.started, until);
  }
  return fenced(out);
}

std::string waves(const PlanView& view, const Report& report) {
  std::string out;
  for (std::size_t i = 0; i < report.waves.size(); ++i) {
    const RealWave& wave = report.waves[i];
    std::vector<std::string> ids;
    for (const TaskIndex task : wave.tasks) ids.push_back(markdown(view.task(task).id));
    out += fmt::format("{}. {} ({}): {}\n", i + 1, span(wave.started, wave.finished),
                       format_minutes(static_cast<double>(wave.finished - wave.started) / 60),
                       text::join(ids, ", "));
  }
  return out;
}

std::string setbacks(const Report& report) {
  std::string out;
  for (std::size_t i = 0; i < report.history.setbacks.size(); ++i) {
    const Setback& setback = report.history.setbacks[i];
    out += fmt::format("- **{}** {}{}\n", markdown(setback.task), markdown(describe(setback)),
                       setback.time > 0 ? fmt::format(" ({})", minute_of(setback.time)) : "");
    for (const auto& line : report.last_output[i]) out += "  > " + markdown(line) + "  \n";
  }
  return out;
}

std::string remaining(const PlanView& view, const Report& report) {
  std::string out;
  for (const auto& one : report.remaining) {
    out += fmt::format("- **{}** {}: {}\n", markdown(view.task(one.task).id),
                       markdown(view.task(one.task).description), markdown(one.why));
  }
  return out;
}

std::string capabilities(const Report& report) {
  std::string out;
  for (const auto& one : report.capabilities) out += "- " + markdown(one) + "\n";
  return out;
}

std::string notes(const PlanView& view, const Report& report) {
  std::string out;
  for (const Update& update : view.plan().updates)
    out += fmt::format("**v{}** ({})\n\n{}\n", update.version, markdown(update.at),
                       quote(update.note));
  for (const auto& one : report.approvals) {
    out += fmt::format("v{} approved by {} ({})\n\n{}\n", one.version, markdown(one.by),
                       markdown(one.at), quote(one.note));
  }
  return out;
}

}  // namespace

std::string report_markdown(const PlanView& view, const Report& report) {
  const std::string graph = view.size() == 0 ? "" : fenced(graph_mermaid(view, plan_graph(view)));
  std::string out = head(view, report) + section("What was asked", asked(view)) +
                    section("What was built", tasks(view, report)) + section("The plan", graph) +
                    section("Who worked when", timeline(view, report)) +
                    section("Waves as they ran", waves(view, report)) +
                    section("Failures and retries", setbacks(report)) +
                    section("Verifications", verifications(report)) +
                    section("Usage", usage_words(report)) +
                    section("What remains", remaining(view, report)) +
                    section("Capabilities now available", capabilities(report)) +
                    section("Notes", notes(view, report));
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

}  // namespace gitplan::commands
