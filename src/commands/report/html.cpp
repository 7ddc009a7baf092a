#include <fmt/format.h>

#include "base/text.hpp"
#include "commands/report/escape.hpp"
#include "commands/report/report.hpp"
#include "commands/report/svg_graph.hpp"
#include "commands/report/words.hpp"
#include "plan/estimate.hpp"
#include "session/task_object.hpp"

namespace gitplan::commands {
namespace {

std::string section(std::string_view title, const std::string& body) {
  if (body.empty()) return "";
  return fmt::format("<section><h2>{}</h2>\n{}</section>\n", title, body);
}

std::string paragraph(std::string_view title, std::string_view words) {
  const std::string_view trimmed = text::trim(words);
  if (trimmed.empty()) return "";
  return fmt::format("<h3>{}</h3><p class=\"pre\">{}</p>\n", title, html(trimmed, Breaks::keep));
}

std::string tile(std::string_view value, std::string_view what) {
  return value.empty()
             ? ""
             : fmt::format("<div class=\"tile\"><b>{}</b><span>{}</span></div>\n", value, what);
}

/// "2 failed": nothing where there are none.
std::string status_tile(const PlanView& view, Status status) {
  const int count = view.count(status);
  return count == 0 ? "" : tile(std::to_string(count), spoken(status));
}

std::string tiles(const PlanView& view, const Report& report) {
  constexpr double seconds_per_minute = 60;
  const auto& total = report.history.total;
  std::string out = "<div class=\"tiles\">\n";
  out +=
      tile(fmt::format("{} of {}", view.count(Status::completed), view.size()), "tasks completed");
  for (const Status status : {Status::in_progress, Status::failed, Status::cancelled})
    out += status_tile(view, status);
  if (report.started) {
    const auto elapsed = static_cast<double>(report.until() - *report.started);
    out += tile(format_minutes(elapsed / seconds_per_minute), "from first start to last end");
    out += tile(format_minutes(report.worked_minutes),
                report.estimated_minutes > 0
                    ? fmt::format("of work, {} estimated", format_minutes(report.estimated_minutes))
                    : "of work");
    out += tile(std::to_string(report.waves.size()),
                report.waves.size() == 1 ? "wave as it ran" : "waves as they ran");
  }
  if (total.files > 0) {
    out += tile(std::to_string(total.files), total.files == 1 ? "file changed" : "files changed");
    out += tile(fmt::format("<span class=\"plus\">+{}</span> <span class=\"minus\">−{}</span>",
                            total.added, total.removed),
                "lines");
  }
  return out + "</div>\n";
}

std::string progress(const PlanView& view) {
  if (view.size() == 0) return "";
  std::string out = "<div class=\"progress\" aria-hidden=\"true\">";
  for (const Status status :
       {Status::completed, Status::in_progress, Status::failed, Status::cancelled}) {
    constexpr double all = 100;
    const double share = all * view.count(status) / static_cast<double>(view.size());
    if (share > 0)
      out += fmt::format("<i class=\"{}\" style=\"width:{:.2f}%\"></i>", to_string(status), share);
  }
  return out + "</div>\n";
}

/// The request's first line, as far as a title goes; the session where there is none.
std::string title_of(const PlanView& view) {
  constexpr int columns = 120;
  const std::string_view request = text::trim(view.plan().user_request);
  if (request.empty()) return view.session();
  return text::cut(text::fold_space(request.substr(0, request.find('\n'))), columns);
}

std::string head(const PlanView& view, const Report& report) {
  const auto state = schedule::to_string(view.state());
  const std::string title = title_of(view);
  std::string out = fmt::format(
      "<header><h1>{}</h1><span class=\"badge {}\">{}</span></header>\n<p class=\"quiet\">{} · {} "
      "{} "
      "· on {}{}</p>\n",
      html(title), state, state, html(view.session()), html(view.branch()), view.version(),
      html(view.plan().flow_branch),
      report.started ? " · " + span(*report.started, report.until()) + " UTC" : "");
  std::string_view request = text::trim(view.plan().user_request);
  if (request.starts_with(title)) request = text::trim(request.substr(title.size()));
  if (!request.empty())
    out += fmt::format("<p class=\"lead pre\">{}</p>\n", html(request, Breaks::keep));
  const std::string stuck = schedule::stuck_reason(view.graph(), view.progress());
  if (!stuck.empty()) out += fmt::format("<p class=\"quiet\">Stuck: {}</p>\n", html(stuck));
  return out + tiles(view, report) + progress(view);
}

std::string about(const PlanView& view) {
  const Plan& plan = view.plan();
  const std::string words = paragraph("Architecture", plan.architecture) +
                            paragraph("Design patterns", plan.design_patterns) +
                            paragraph("Technology stack", plan.technology_stack);
  return words.empty() ? "" : "<div class=\"about\">" + words + "</div>\n";
}

std::string lines_of(const TaskRun& run) {
  if (!run.landing || !run.landing->changes) return "";
  return fmt::format("<span class=\"plus\">+{}</span> <span class=\"minus\">−{}</span>",
                     run.landing->changes->added, run.landing->changes->removed);
}

std::string task_row(const PlanView& view, const Report& report, TaskIndex i) {
  const TaskRun& run = report.history.tasks[i];
  const Task& task = view.task(i);
  const auto taken = report.taken_minutes(i);
  const Status status = view.status(i);
  std::string description = html(task.description);
  if (run.landing && !run.landing->message.empty())
    description +=
        fmt::format("<span class=\"pre\">{}</span>", html(run.landing->message, Breaks::keep));
  if (status == Status::failed && task.reason)
    description += fmt::format("<span class=\"pre\">{}</span>", html(*task.reason, Breaks::keep));
  return fmt::format(
      "<tr><td class=\"w\"><b>{}</b></td><td class=\"d\">{}</td><td class=\"w {}\">{}</td><td "
      "class=\"n\" data-name=\"worker\">{}</td><td class=\"n\" data-name=\"estimated\">{}</td><td "
      "class=\"n\" data-name=\"taken\">{}</td><td class=\"n\" data-name=\"tries\">{}</td><td "
      "class=\"w\">{}</td><td class=\"n\" data-name=\"files\">{}</td><td "
      "class=\"n\">{}</td></tr>\n",
      html(task.id), description, to_string(status), spoken(view, i), html(worker_cell(run)),
      task.estimated_time ? format_minutes(view.estimates().minutes[i]) : "",
      taken ? format_minutes(*taken) : "", run.attempts ? std::to_string(*run.attempts) : "",
      run.landing ? fmt::format("<code>{}</code>", run.landing->commit.abbreviated()) : "",
      run.landing && run.landing->changes ? std::to_string(run.landing->changes->files) : "",
      lines_of(run));
}

std::string tasks(const PlanView& view, const Report& report) {
  if (view.size() == 0) return "";
  std::string out =
      "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th>Task<th>Description<th>Status<th "
      "class=\"n\">Worker<th class=\"n\">Estimated<th class=\"n\">Taken<th class=\"n\">Tries"
      "<th>Commit<th class=\"n\">Files<th class=\"n\">Lines</tr></thead><tbody>\n";
  for (TaskIndex i = 0; i < view.size(); ++i) out += task_row(view, report, i);
  return out + "</tbody></table></div>\n";
}

std::string waves(const PlanView& view, const Report& report) {
  if (report.waves.empty()) return "";
  std::string out = "<ol>\n";
  for (const RealWave& wave : report.waves) {
    std::vector<std::string> ids;
    for (const TaskIndex task : wave.tasks) ids.push_back(html(view.task(task).id));
    constexpr double seconds_per_minute = 60;
    out += fmt::format(
        "<li>{} <span class=\"quiet\">{} ({})</span></li>\n", text::join(ids, ", "),
        span(wave.started, wave.finished),
        format_minutes(static_cast<double>(wave.finished - wave.started) / seconds_per_minute));
  }
  return out + "</ol>\n";
}

std::string setbacks(const Report& report) {
  std::string out;
  for (std::size_t i = 0; i < report.history.setbacks.size(); ++i) {
    const Setback& setback = report.history.setbacks[i];
    out += fmt::format("<li><b>{}</b> {} <span class=\"quiet\">{}</span>", html(setback.task),
                       html(describe(setback)), setback.time > 0 ? minute_of(setback.time) : "");
    const std::string said = text::join(report.last_output[i], "\n");
    if (!said.empty()) out += fmt::format("<pre class=\"log\">{}</pre>", html(said, Breaks::keep));
    out += "</li>\n";
  }
  return out.empty() ? "" : "<ul>\n" + out + "</ul>\n";
}

std::string remaining(const PlanView& view, const Report& report) {
  std::string out;
  for (const auto& one : report.remaining) {
    const Task& task = view.task(one.task);
    out += fmt::format("<li><b>{}</b> {} <span class=\"quiet\">{}</span></li>\n", html(task.id),
                       html(task.description), html(one.why));
  }
  return out.empty() ? "" : "<ul>\n" + out + "</ul>\n";
}

std::string verified(const Report& report) {
  const std::string words = verifications(report);
  return words.empty() ? "" : fmt::format("<p>{}</p>\n", html(words));
}

std::string used(const Report& report) {
  const std::string words = usage_words(report);
  return words.empty() ? "" : fmt::format("<p>{}</p>\n", html(words));
}

std::string capabilities(const Report& report) {
  std::string out;
  for (const auto& one : report.capabilities) out += fmt::format("<li>{}</li>\n", html(one));
  return out.empty() ? "" : "<ul class=\"caps\">\n" + out + "</ul>\n";
}

std::string notes(const PlanView& view, const Report& report) {
  std::string out;
  for (const Update& update : view.plan().updates)
    out += paragraph(fmt::format("v{}, {}", update.version, html(update.at)), update.note);
  for (const auto& one : report.approvals) {
    out +=
        fmt::format("<h3>v{} approved by {}, {}</h3>\n", one.version, html(one.by), html(one.at));
    if (!one.note.empty())
      out += fmt::format("<p class=\"pre\">{}</p>\n", html(one.note, Breaks::keep));
  }
  return out;
}

}  // namespace

std::string report_html(const PlanView& view, const Report& report) {
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
      "name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta "
      "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n",
      html(title_of(view)), report_style());
  out += head(view, report) + about(view) + section("The plan", svg_graph(view, report)) +
         section("Who worked when", timeline(view, report)) +
         section("What was built", tasks(view, report)) + "<div class=\"columns\">\n" +
         section("Waves as they ran", waves(view, report)) +
         section("Failures and retries", setbacks(report)) +
         section("Verifications", verified(report)) + section("Usage", used(report)) +
         section("What remains", remaining(view, report)) +
         section("Capabilities now available", capabilities(report)) +
         section("Notes", notes(view, report)) + "</div>\n";
  return out + fmt::format("<footer>git plan report, {} UTC</footer>\n</body>\n</html>\n",
                           minute_of(report.made));
}

}  // namespace gitplan::commands
