#include "cli/workers_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.hpp"
#include "base/text.hpp"

namespace gitplan::cli {
namespace {

using State = commands::WorkerStatus::State;

std::string painted(State state, const Style& style) {
  const std::string_view word = commands::to_string(state);
  switch (state) {
    case State::working:
      return style.cyan(word);
    case State::parked:
      return style.yellow(word);
    case State::done:
    case State::merged:
      return style.green(word);
    case State::failed:
    case State::broken:
      return style.red(word);
    case State::idle:
      break;
  }
  return std::string(word);
}

/// "Create User model: Add the model (2 minutes ago)": the last commit, once there is work.
std::string what_of(const commands::WorkerStatus& worker, Seconds time) {
  const std::string title = text::fold_space(worker.description);
  if (worker.last_commit.empty()) return title;
  const std::string age = ago(worker.last_commit_time, time);
  if (title.empty()) return fmt::format("{} ({})", worker.last_commit, age);
  if (worker.commits_ahead == 0) return title;
  return fmt::format("{}: {} ({})", title, worker.last_commit, age);
}

std::string fitted(const std::string& line, const Style& style) {
  return (style.columns > 0 ? text::cut(line, style.columns) : line) + "\n";
}

std::string failure_of(const commands::WorkerStatus& worker) {
  return fmt::format("{} {}{}{}", text::printable(worker.task),
                     worker.needs_decision ? "needs a decision" : "failed",
                     worker.reason.empty() ? "" : ": ", text::printable(worker.reason));
}

/// Why it failed and what it said last, or that nobody is at it.
std::string end_of(const commands::WorkerStatus& worker, const Style& style) {
  const std::string task = text::printable(worker.task);
  if (worker.state == State::done) return task + " is done; the next run merges it\n";
  if (worker.state == State::parked) return "";  // said of its agent
  if (worker.interrupted)
    return fmt::format("{} was interrupted; the next run goes on with it\n", task);
  if (!worker.ended_with.empty())
    return fmt::format("{} ended with {}; the next run goes by that\n", task,
                       text::printable(worker.ended_with));
  if (worker.state != State::failed) return "";
  std::string text = fitted(failure_of(worker), style);
  for (const std::string& line : worker.last_output)
    text += fitted("    " + text::printable(line), style);
  if (!worker.last_output.empty())
    text += fmt::format("    (all of it: {})\n", text::printable(worker.log));
  return text;
}

}  // namespace

std::string workers_text(const std::vector<commands::WorkerStatus>& workers, const Style& style) {
  Table table;
  const Seconds time = now();
  for (const auto& worker : workers) {
    table.row({Cell::plain(fmt::format("worker-{}", worker.slot.number)),
               Cell::painted(commands::to_string(worker.state), painted(worker.state, style)),
               Cell::plain(worker.task.empty() ? worker.slot.branch : worker.task),
               Cell::plain(fmt::format("+{}", worker.commits_ahead)),
               Cell::plain(worker.dirty ? "dirty" : ""), Cell::plain(what_of(worker, time))});
  }
  return table.text(style);
}

std::string elsewhere_text(const std::vector<commands::WorkerElsewhere>& workers,
                           const Style& style) {
  if (workers.empty()) return "";
  Table table;
  const Seconds time = now();
  for (const auto& worker : workers) {
    const auto claim = worker.standing.claim.value_or(remote::Claim{});
    const bool is_known = worker.standing.claim.has_value();
    const bool is_renewed = claim.renewed != claim.since;
    table.row({Cell::plain(is_known ? claim.machine : "(unknown)"),
               Cell::plain(claim.worker > 0 ? fmt::format("worker-{}", claim.worker) : ""),
               Cell::plain(worker.task),
               Cell::plain(is_known ? fmt::format("since {}", ago(claim.since, time)) : ""),
               Cell::plain(is_renewed ? fmt::format("renewed {}", ago(claim.renewed, time)) : ""),
               Cell::plain(text::fold_space(worker.description))});
  }
  return "on other machines:\n" + table.text(style, "  ");
}

std::string queue_text(const std::vector<commands::QueuedTask>& queue, const Style& style) {
  if (queue.empty()) return "";
  Table table;
  const Seconds time = now();
  for (const auto& one : queue) {
    table.row({Cell::plain(std::to_string(one.position)), Cell::plain(one.task),
               Cell::plain(std::string(lander::to_string(one.state))),
               Cell::plain(fmt::format("{} ({})", text::fold_space(one.description),
                                       ago(one.since, time)))});
  }
  const bool is_left = std::ranges::none_of(queue, &commands::QueuedTask::is_cared_for);
  return (is_left ? "done; the next run merges:\n" : "done, and waiting to land:\n") +
         table.text(style, "  ");
}

namespace {

/// "001, 002 wait for agent 'claude', which cannot work until 15:04"
std::string waiting_line(const std::string& agent, const std::vector<std::string>& tasks,
                         const std::string& until) {
  if (tasks.empty()) return fmt::format("agent '{}' cannot work{}\n", agent, until);
  return fmt::format("{} {} for agent '{}'{}\n", text::join(tasks, ", "),
                     tasks.size() == 1 ? "waits" : "wait", agent,
                     until.empty() ? "" : ", which cannot work" + until);
}

}  // namespace

std::string limits_text(const commands::WaveStatus& status) {
  std::map<std::string, std::vector<std::string>> waiting;
  for (const auto& [agent, one] : status.parked) waiting[agent];
  for (const auto& worker : status.workers) {
    if (worker.state == State::parked)
      waiting[worker.agent].push_back(text::printable(worker.task));
  }
  std::string text;
  for (auto& [agent, tasks] : waiting) {
    std::ranges::sort(tasks);
    const auto parked = status.parked.find(agent);
    text += waiting_line(
        text::printable(agent), tasks,
        parked == status.parked.end() ? "" : " until " + local_time(parked->second.until, now()));
  }
  for (const agents::Cap& cap : status.caps) {
    const auto used = status.usage.find(cap.unit);
    text += fmt::format("{} of {} {} used\n",
                        agents::number_word(used == status.usage.end() ? 0 : used->second),
                        agents::number_word(cap.most), cap.unit);
  }
  return text;
}

std::string ends_text(const std::vector<commands::WorkerStatus>& workers, const Style& style) {
  std::string text;
  for (const auto& worker : workers) text += end_of(worker, style);
  return text;
}

}  // namespace gitplan::cli
