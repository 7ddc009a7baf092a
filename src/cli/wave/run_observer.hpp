// What a person, or a program, sees of a run while it goes on.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "cli/wave/live.hpp"
#include "cli/wave/plan_glance.hpp"
#include "commands/wave/run.hpp"

namespace gitplan::cli {

enum class Watching {
  lines,  ///< on standard error: a line as each task ends, and one a running worker on a terminal
  quiet,
  json_lines,  ///< one event a line on standard output
};

class RunObserver final : public supervisor::Observer {
 public:
  RunObserver(Watching watching, bool colored, PlanGlance glance);
  void on_event(const supervisor::Event& event) override;
  void on_tick(const std::vector<supervisor::WorkerRecord>& running) override;
  /// A note or warning of a command, between the events.
  void say(const std::string& line);
  /// Wipes what is redrawn: the answer follows.
  void finish() {
    print_waiting(true);
    live_.clear();
  }

 private:
  void write_line(const supervisor::Event& event);
  void print(const supervisor::Event& event);
  /// What is done is said only where it goes on waiting; `now`, or once that is clear.
  void print_waiting(bool now);
  /// What of the plan belongs to an event: the title of a task that starts, how far the plan is
  /// after a merge.
  std::string beside(const supervisor::Event& event);
  Watching watching_;
  bool colored_;
  PlanGlance glance_;
  LiveLines live_;
  struct Waiting {
    supervisor::Event event;
    std::chrono::steady_clock::time_point since;
  };
  std::vector<Waiting> waiting_;  ///< done, and nothing was said of it yet
};

}  // namespace gitplan::cli
