// What a run shows of its plan beside its workers: titles, how far it is, what is next.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "commands/wave/run.hpp"
#include "session/workspace.hpp"

namespace gitplan::cli {

/// Reads the plan when it is asked, and keeps what it read. A plan that cannot be read says
/// nothing: the run itself tells of that.
class PlanGlance {
 public:
  PlanGlance(Settings settings, commands::RunRequest request)
      : settings_(std::move(settings)), request_(std::move(request)) {}

  /// The description of a task; "" if it is unknown.
  std::string title(const std::string& task);
  /// "6 of 10": completed tasks, as of now.
  std::string progress();
  /// outlook_line of the last seconds, with what is used of each cap.
  std::string line();
  /// Something happened: the next line is read anew.
  void outdate() { read_at_.reset(); }

 private:
  void read();
  std::string used(const Workspace& workspace, const PlanView& view) const;

  Settings settings_;
  commands::RunRequest request_;
  std::optional<std::chrono::steady_clock::time_point> read_at_;
  std::map<std::string, std::string> titles_;
  std::string progress_;
  std::string line_;
};

}  // namespace gitplan::cli
