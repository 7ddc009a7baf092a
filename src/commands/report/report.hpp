// `git plan report`: what was asked, what was built and how it went, from what git remembers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lander/history.hpp"
#include "plan/toml.hpp"
#include "session/json.hpp"
#include "session/plan_usage.hpp"
#include "session/run_history.hpp"
#include "session/view.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

struct Report {
  RunHistory history;
  /// Parallel to the setbacks: the last lines that the worker wrote in a run; none where no log of
  /// it is here.
  std::vector<std::vector<std::string>> last_output;
  std::vector<RealWave> waves;
  std::optional<Seconds> started;   ///< of the first task
  std::optional<Seconds> finished;  ///< of the last one; only where nothing is under way
  Seconds made = 0;                 ///< when this report was made
  double estimated_minutes = 0;     ///< of all tasks that have run
  double worked_minutes = 0;        ///< of all workers together
  std::vector<toml_io::Approval> approvals;
  struct Remaining {
    TaskIndex task = 0;
    std::string why;  ///< "ready", "waiting for …", "in progress with worker 1", "failed: …"
  };
  std::vector<Remaining> remaining;
  std::vector<std::string> capabilities;  ///< available now
  lander::History verified;               ///< what landing took
  PlanUsage usage;                        ///< of all attempts

  [[nodiscard]] Seconds until() const { return finished.value_or(made); }
  /// Minutes that a task took, or has taken so far.
  [[nodiscard]] std::optional<double> taken_minutes(TaskIndex task) const;
};

Report plan_report(const Workspace& workspace, const PlanView& view);
Json to_json(const PlanView& view, const Report& report);

/// "failed", "skipped", "reset"; with what is known: "failed (exit 124, timed out): <reason>". Of
/// an attempt that another one followed: "tried again: <reason>; then completed (attempt 2)".
std::string describe(const Setback& setback);

/// The report as Markdown, with a Mermaid graph and timeline.
std::string report_markdown(const PlanView& view, const Report& report);
/// The report as one HTML page that needs nothing else.
std::string report_html(const PlanView& view, const Report& report);

}  // namespace gitplan::commands
