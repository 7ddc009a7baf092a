#include "commands/report/words.hpp"

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "plan/estimate.hpp"

namespace gitplan::commands {

std::string day(Seconds time) { return rfc3339(time).substr(0, 10); }

std::string time_of_day(Seconds time) { return rfc3339(time).substr(11, 5); }

std::string minute_of(Seconds time) { return day(time) + " " + time_of_day(time); }

std::string span(Seconds from, Seconds until) {
  return fmt::format("{} to {}", minute_of(from),
                     day(from) == day(until) ? time_of_day(until) : minute_of(until));
}

std::string size_of_work(const Landing::Changes& changes) {
  if (changes.files == 0) return "";
  return fmt::format("{} changed, {} added, {} removed",
                     text::count(changes.files, "file", "files"),
                     text::count(changes.added, "line", "lines"), changes.removed);
}

std::string lane_name(const std::string& machine, const std::optional<int>& worker) {
  const std::string name = worker ? fmt::format("worker {}", *worker) : "without a slot";
  return machine.empty() ? name : machine + ", " + name;
}

std::string worker_cell(const TaskRun& run) {
  const std::string number = run.worker ? std::to_string(*run.worker) : "";
  if (run.machine.empty()) return number;
  return number.empty() ? run.machine : run.machine + ", " + number;
}

std::string plus_minus(const Landing::Changes& changes) {
  return fmt::format("+{} -{}", changes.added, changes.removed);
}

std::string duration(const Report& report) {
  if (!report.started) return "";
  constexpr double seconds_per_minute = 60;
  const double elapsed = static_cast<double>(report.until() - *report.started) / seconds_per_minute;
  return fmt::format("ran {} UTC ({})", span(*report.started, report.until()),
                     format_minutes(elapsed));
}

std::string effort(const Report& report) {
  if (!report.started) return "";
  std::string text = format_minutes(report.worked_minutes) + " of work";
  if (report.estimated_minutes > 0)
    text += fmt::format(", {} estimated", format_minutes(report.estimated_minutes));
  return text;
}

std::string verifications(const Report& report) {
  constexpr double minute = 60;
  const lander::History& all = report.verified;
  if (all.verifications == 0) return "";
  std::string text =
      fmt::format("{} took {}; the longest wait was {}",
                  text::count(all.verifications, "verification", "verifications"),
                  format_minutes(all.seconds / minute), format_minutes(all.longest_wait / minute));
  if (all.flaky > 0)
    text += fmt::format("; {} red before green", text::count(all.flaky, "task was", "tasks were"));
  if (all.sent_back > 0)
    text += fmt::format("; {} sent back", text::count(all.sent_back, "task was", "tasks were"));
  return text;
}

std::string usage_words(const Report& report) {
  constexpr double minute = 60;
  const PlanUsage& usage = report.usage;
  std::vector<std::string> parts;
  if (!usage.all.empty()) parts.push_back(agents::to_words(usage.all));
  for (const auto& [agent, used] : usage.by_agent) {
    if (usage.by_agent.size() > 1)
      parts.push_back(fmt::format("of {}: {}", agent, agents::to_words(used)));
  }
  int parked = 0;
  for (const auto& [task, seconds] : usage.parked) parked += seconds;
  if (parked > 0) parts.push_back("parked for " + format_minutes(parked / minute));
  return text::join(parts, "; ");
}

}  // namespace gitplan::commands
