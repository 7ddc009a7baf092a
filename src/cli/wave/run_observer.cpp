#include "cli/wave/run_observer.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "commands/wave/event_json.hpp"

namespace gitplan::cli {
namespace {

using Kind = supervisor::Event::Kind;
using supervisor::Event;

constexpr std::size_t shown_lines = 20;

std::string paint(bool colored, std::string_view start, std::string_view text) {
  return colored ? fmt::format("{}{}\x1b[m", start, text) : std::string(text);
}

std::string words_of(const supervisor::Verification& one, bool colored) {
  const std::string verdict =
      one.success ? paint(colored, "\x1b[32m", "green") : paint(colored, "\x1b[31m", "red");
  return fmt::format("{} with {} ({:.0f} s)", verdict,
                     text::count(static_cast<long long>(one.tasks.size()), "task", "tasks"),
                     one.seconds);
}

std::string words_of(const Event& event, bool colored) {
  const std::string reason = text::printable(event.reason);
  constexpr std::size_t short_hash = 7;
  switch (event.kind) {
    case Kind::started:
      return fmt::format("started in worker-{}{}", event.worker.worker,
                         reason.empty() ? "" : " (" + reason + ")");
    case Kind::retried:
      return fmt::format("tried again: {}", reason);
    case Kind::done:
      return "done, waits to land";
    case Kind::held:
      return reason.empty() ? "held back" : "held back: " + reason;
    case Kind::offered:
      return "verified, waits for somebody to merge it";
    case Kind::sent_back:
      return fmt::format("{}: {}", paint(colored, "\x1b[33m", "sent back"), reason);
    case Kind::flaky:
      return "was red before it was green";
    case Kind::verified:
      return words_of(event.verification.value_or(supervisor::Verification{}), colored);
    case Kind::merged:
      return event.commit.empty()
                 ? fmt::format("{} ({})", paint(colored, "\x1b[32m", "completed"), reason)
                 : fmt::format("{} as {}", paint(colored, "\x1b[32m", "merged"),
                               event.commit.substr(0, short_hash));
    case Kind::failed:
      return fmt::format("{}: {}", paint(colored, "\x1b[31m", "failed"), reason);
    case Kind::needs_decision:
      return fmt::format("{}: {}", paint(colored, "\x1b[31m", "needs a decision"), reason);
    case Kind::skipped:
      return fmt::format("skipped: {}", reason);
    case Kind::parked:
      return fmt::format("{}: agent '{}' cannot work until {}{}",
                         paint(colored, "\x1b[33m", "parked"), event.agent,
                         local_time(event.until, now()), reason.empty() ? "" : ": " + reason);
    case Kind::woken:
      return "can work again";
    case Kind::stalled:
      return paint(colored, "\x1b[33m", "stalled");
    case Kind::capped:
      return fmt::format("{}: {} used, of {}; nothing more starts",
                         paint(colored, "\x1b[33m", "capped"), agents::number_word(event.cap->used),
                         agents::number_word(event.cap->cap.most));
    case Kind::not_merged:
      return fmt::format("{}: {}", paint(colored, "\x1b[31m", "done, but not merged"), reason);
    case Kind::flow_red:
      return fmt::format("{}: {}; nothing is merged any more",
                         paint(colored, "\x1b[31m", "found flow red"), reason);
    case Kind::offline:
      return fmt::format("offline: {}; workers go on", reason);
    case Kind::online:
      return "online again";
    case Kind::superseded:
      return fmt::format("superseded: {}{}", reason,
                         event.ref.empty() ? "" : "; what was done is kept: " + event.ref);
    case Kind::interrupted:
      return fmt::format("interrupted{}; the next run goes on with it",
                         reason.empty() ? "" : " (" + reason + ")");
  }
  return "";
}

/// Whom it is about; "": the plan as a whole.
std::string subject_of(const Event& event) {
  if (event.kind == Kind::woken) return event.agent;
  if (event.cap) return event.cap->cap.unit;
  if (event.kind == Kind::offline || event.kind == Kind::online) return "remote";
  if (!event.verification) return event.worker.task;
  return text::join(event.verification->tasks, " ");
}

std::string output_of(const Event& event) {
  std::string text;
  if (event.log.empty()) return text;
  for (const auto& line : commands::last_output_lines(event.log, shown_lines))
    text += fmt::format("    {}\n", text::printable(line));
  if (!text.empty()) text += fmt::format("    (all of it: {})\n", text::printable(event.log));
  return text;
}

}  // namespace

RunObserver::RunObserver(Watching watching, bool colored, PlanGlance glance)
    : watching_(watching), colored_(colored), glance_(std::move(glance)), live_(STDERR_FILENO) {}

void RunObserver::write_line(const Event& event) try {
  write_output(dump(commands::to_json(event), -1) + "\n");
} catch (const Error&) {
  watching_ = Watching::quiet;  // its reader has gone: the signal that came with it ends the run
}

std::string RunObserver::beside(const Event& event) {
  if (event.kind == Kind::started) {
    const std::string title = glance_.title(event.worker.task);
    return title.empty() ? "" : ": " + title;
  }
  if (event.kind != Kind::merged) return "";
  const std::string progress = glance_.progress();
  return progress.empty() ? "" : fmt::format(", {} completed", progress);
}

void RunObserver::on_event(const Event& event) {
  if (watching_ == Watching::json_lines) return write_line(event);
  if (watching_ == Watching::quiet || subject_of(event).empty()) return;  // the result has it
  glance_.outdate();
  if (event.kind == Kind::done)
    return waiting_.push_back({event, std::chrono::steady_clock::now()});
  if (event.kind == Kind::merged) {
    std::erase_if(waiting_,
                  [&](const Waiting& one) { return one.event.worker.task == event.worker.task; });
  }
  print_waiting(event.kind != Kind::merged);
  print(event);
}

void RunObserver::print_waiting(bool now) {
  constexpr std::chrono::milliseconds patience{300};
  const auto time = std::chrono::steady_clock::now();
  std::erase_if(waiting_, [&](const Waiting& one) {
    const bool is_due = now || time - one.since >= patience;
    if (is_due) print(one.event);
    return is_due;
  });
}

void RunObserver::print(const Event& event) {
  const std::string about = subject_of(event);
  std::string text =
      fmt::format("{}  {}{}\n", text::printable(about), words_of(event, colored_), beside(event));
  text += output_of(event);
  live_.print(text);
}

void RunObserver::on_tick(const std::vector<supervisor::WorkerRecord>& running) {
  if (watching_ != Watching::lines) return;
  print_waiting(false);
  if (!live_.is_live()) return;
  const int columns = live_.columns();
  auto lines = worker_lines(running, columns,
                            [this](const std::string& task) { return glance_.title(task); });
  lines.insert(lines.begin(), text::cut(glance_.line(), columns - 1));
  live_.draw(lines);
}

void RunObserver::say(const std::string& line) { live_.print(line + "\n"); }

}  // namespace gitplan::cli
