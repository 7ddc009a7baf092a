// Facts of a task's execution, kept where they survive: as trailers of its merge commit into flow,
// and of the plan's commit that records a failure, a skip or a reset.
//
//   Task: 003                          starts the facts of one task
//   Outcome: failed                    done, failed, skipped, reset, cancelled
//   Worker: 1                          the slot
//   Machine: build-3f2a                whose, where machines share the plan
//   Agent: fast                        who made its last attempt, where it has a name
//   Attempts: 2                        how often it was tried, this time included
//   Started-At: 2025-01-12T14:30:00Z   RFC 3339, UTC
//   Finished-At: 2025-01-12T14:38:10Z
//   Exit-Status: 124                   of its worker's command
//   Timed-Out: true
//   Usage: tokens=12345 usd=0.42       of all its attempts
//   Parked: 3600                       seconds that it waited for agents that could not work
//   Flaky: true                        its tree was red before it was green
//   Reason: the tests do not pass
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agents/usage.hpp"
#include "session/view.hpp"

namespace gitplan {

class Workspace;

struct RunFacts {
  enum class Outcome { done, failed, skipped, reset, cancelled };
  std::string task;  ///< id
  std::optional<Outcome> outcome;
  std::optional<int> worker;
  std::string machine = {};
  std::string agent;
  std::optional<int> attempts;
  std::optional<std::string> started_at;
  std::optional<std::string> finished_at;
  std::optional<int> exit_status;
  bool timed_out = false;
  agents::Usage usage;
  std::optional<int> parked;  ///< seconds
  bool flaky = false;
  std::string reason;
  bool operator==(const RunFacts&) const = default;
};
std::string_view to_string(RunFacts::Outcome outcome);

using Trailers = std::vector<std::pair<std::string, std::string>>;
/// What is known, without Task; each value on one line and printable.
Trailers to_trailers(const RunFacts& facts);
/// As lines, "Key: value\n".
std::string trailer_lines(const RunFacts& facts);
/// A commit message for what befell some tasks: the subject, and each one's trailers under its
/// Task.
std::string message_with_facts(std::string_view subject, const std::vector<RunFacts>& facts);

/// The facts in the last paragraph of a commit message, one for each Task trailer. What is no
/// number or time where one is wanted is left out.
std::vector<RunFacts> parse_trailers(std::string_view message);

/// What slot and branch say of a task in progress: worker, start, number of attempts.
RunFacts known_facts(const Workspace& workspace, const PlanView& view, TaskIndex index);
/// `facts`, with what they leave open taken from `known`.
RunFacts completed_by(RunFacts facts, const RunFacts& known);

}  // namespace gitplan
