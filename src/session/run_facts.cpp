#include "session/run_facts.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "remote/names.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

using Outcome = RunFacts::Outcome;
constexpr std::array outcomes{Outcome::done, Outcome::failed, Outcome::skipped, Outcome::reset,
                              Outcome::cancelled};

std::string on_one_line(std::string_view text) { return text::printable(text::fold_space(text)); }

std::optional<int> parse_number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<std::string> parse_time(std::string_view text) {
  const auto time = parse_rfc3339(text);
  return time ? std::optional(rfc3339(*time)) : std::nullopt;
}

std::optional<Outcome> parse_outcome(std::string_view text) {
  for (const Outcome outcome : outcomes) {
    if (to_string(outcome) == text) return outcome;
  }
  return std::nullopt;
}

void note_trailer(RunFacts& facts, std::string_view key, std::string_view value) {
  if (key == "Outcome") facts.outcome = parse_outcome(value);
  if (key == "Worker") facts.worker = parse_number(value);
  if (key == "Machine" && remote::is_machine(value)) facts.machine = value;
  if (key == "Agent") facts.agent = value;
  if (key == "Usage") facts.usage = agents::parse_words(value);
  if (key == "Parked") facts.parked = parse_number(value);
  if (key == "Attempts") facts.attempts = parse_number(value);
  if (key == "Started-At") facts.started_at = parse_time(value);
  if (key == "Finished-At") facts.finished_at = parse_time(value);
  if (key == "Exit-Status") facts.exit_status = parse_number(value);
  if (key == "Timed-Out") facts.timed_out = value == "true";
  if (key == "Flaky") facts.flaky = value == "true";
  if (key == "Reason") facts.reason = value;
}

std::string_view last_paragraph(std::string_view message) {
  while (!message.empty() && (message.back() == '\n' || message.back() == ' '))
    message.remove_suffix(1);
  const auto gap = message.rfind("\n\n");
  return gap == std::string_view::npos ? std::string_view() : message.substr(gap + 2);
}

/// When the task's metadata commit was made: the oldest one that only its branch has.
std::optional<Seconds> branch_started(const Workspace& workspace, const PlanView& view,
                                      TaskIndex index) {
  const TaskBranch* branch = view.task_branch(index);
  if (branch == nullptr || !view.flow().commit) return std::nullopt;
  const auto own = git::commits_between(workspace.repository(), *view.flow().commit, branch->tip);
  if (own.empty()) return std::nullopt;
  return git::read_commit(workspace.repository(), own.back()).committer_time;
}

}  // namespace

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::done:
      return "done";
    case Outcome::failed:
      return "failed";
    case Outcome::skipped:
      return "skipped";
    case Outcome::reset:
      return "reset";
    case Outcome::cancelled:
      return "cancelled";
  }
  return "";
}

Trailers to_trailers(const RunFacts& facts) {
  Trailers trailers;
  const auto add = [&](std::string_view key, std::string_view value) {
    trailers.emplace_back(key, on_one_line(value));
  };
  if (facts.outcome) add("Outcome", to_string(*facts.outcome));
  if (facts.worker) add("Worker", std::to_string(*facts.worker));
  if (!facts.machine.empty()) add("Machine", facts.machine);
  if (!facts.agent.empty()) add("Agent", facts.agent);
  if (facts.attempts) add("Attempts", std::to_string(*facts.attempts));
  if (facts.started_at) add("Started-At", *facts.started_at);
  if (facts.finished_at) add("Finished-At", *facts.finished_at);
  if (facts.exit_status) add("Exit-Status", std::to_string(*facts.exit_status));
  if (facts.timed_out) add("Timed-Out", "true");
  if (!facts.usage.empty()) add("Usage", agents::to_words(facts.usage));
  if (facts.parked) add("Parked", std::to_string(*facts.parked));
  if (facts.flaky) add("Flaky", "true");
  if (!text::trim(facts.reason).empty()) add("Reason", facts.reason);
  return trailers;
}

std::string trailer_lines(const RunFacts& facts) {
  std::string lines;
  for (const auto& [key, value] : to_trailers(facts)) lines += fmt::format("{}: {}\n", key, value);
  return lines;
}

std::string message_with_facts(std::string_view subject, const std::vector<RunFacts>& facts) {
  std::string message(subject);
  if (!facts.empty()) message += "\n\n";
  for (const RunFacts& one : facts)
    message += fmt::format("Task: {}\n{}", on_one_line(one.task), trailer_lines(one));
  return message;
}

std::vector<RunFacts> parse_trailers(std::string_view message) {
  std::vector<RunFacts> all;
  for (const std::string_view line : text::split(last_paragraph(message), '\n')) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view key = line.substr(0, colon);
    const std::string_view value = text::trim(line.substr(colon + 1));
    if (key == "Task") {
      all.emplace_back();
      all.back().task = value;
    } else if (!all.empty()) {
      note_trailer(all.back(), key, value);
    }
  }
  return all;
}

RunFacts known_facts(const Workspace& workspace, const PlanView& view, TaskIndex index) {
  RunFacts facts;
  facts.task = view.task(index).id;
  if (workspace.shared_remote() != nullptr) facts.machine = workspace.shared_remote()->machine();
  std::optional<Seconds> started;
  if (const Slot* slot = view.slot(index)) {
    facts.worker = slot->number;
    if (slot->claim && slot->claim->task == facts.task && slot->claim->since > 0)
      started = slot->claim->since;
  }
  if (!started) started = branch_started(workspace, view, index);
  if (started) facts.started_at = rfc3339(*started);
  const std::string kept =
      fmt::format("{}{}/{}/", ref_names::attempt_prefix, view.session(), view.task(index).id);
  const auto earlier = git::list_refs(workspace.repository(), kept).size();
  if (earlier > 0) facts.attempts = static_cast<int>(earlier) + 1;
  return facts;
}

RunFacts completed_by(RunFacts facts, const RunFacts& known) {
  const auto fill = [](auto& mine, const auto& other) {
    if (!mine) mine = other;
  };
  facts.task = known.task;
  fill(facts.outcome, known.outcome);
  fill(facts.worker, known.worker);
  if (facts.machine.empty()) facts.machine = known.machine;
  fill(facts.attempts, known.attempts);
  fill(facts.started_at, known.started_at);
  fill(facts.finished_at, known.finished_at);
  fill(facts.exit_status, known.exit_status);
  if (facts.reason.empty()) facts.reason = known.reason;
  return facts;
}

}  // namespace gitplan
