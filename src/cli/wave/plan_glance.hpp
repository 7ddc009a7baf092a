// What a run shows of its plan beside its workers: titles, how far it is, what is next.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "session/workspace.hpp"

namespace gitplan::cli {

/// Reads the plan when it is asked, and keeps what it read. A plan that cannot be read says
/// nothing: the run itself tells of that.
class PlanGlance {
 public:
  /// `jobs`: -j of the run.
  PlanGlance(Settings settings, std::optional<std::string> jobs)
      : settings_(std::move(settings)), jobs_(std::move(jobs)) {}

  /// The description of a task; "" if it is unknown.
  std::string title(const std::string& task);
  /// "6 of 10": completed tasks, as of now.
  std::string progress();
  /// outlook_line of the last seconds.
  std::string line();
  /// Something happened: the next line is read anew.
  void outdate() { read_at_.reset(); }

 private:
  void read();

  Settings settings_;
  std::optional<std::string> jobs_;
  std::optional<std::chrono::steady_clock::time_point> read_at_;
  std::map<std::string, std::string> titles_;
  std::string progress_;
  std::string line_;
};

}  // namespace gitplan::cli
