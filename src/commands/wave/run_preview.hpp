// `git wave run --dry-run`.
#pragma once

#include <string>
#include <vector>

#include "commands/wave/run.hpp"

namespace gitplan::commands {

/// What a run would do, if every task succeeds: the rounds in which tasks start.
struct RunPreview {
  std::string session;
  struct Round {
    std::vector<TaskIndex> tasks;
    double minutes = 0;  ///< the longest of them
  };
  std::vector<Round> rounds;
  std::vector<TaskIndex> never;  ///< unfinished, and not startable even then
  int workers = 0;
  double makespan_minutes = 0;
  int unestimated = 0;
};
RunPreview preview_run(const Workspace& workspace, const PlanView& view, const RunRequest& request);
Json to_json(const PlanView& view, const RunPreview& preview);

}  // namespace gitplan::commands
