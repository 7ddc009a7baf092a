// The hook wave-notify: it is given what wants a person, and is never in the way of a run.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "session/json.hpp"
#include "session/workspace.hpp"
#include "supervisor/process_runner.hpp"
#include "supervisor/supervisor.hpp"

namespace gitplan::commands {

/// Its calls run one after the other. What it prints goes to a log.
class Notifier {
 public:
  Notifier(const Workspace& workspace, std::string session);
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;
  ~Notifier();

  void hear(const supervisor::Event& event);
  /// What else it is given: `finished`.
  void tell(const Json& object);
  /// Called now and then, so that calls that have ended make room for the next.
  void pump();
  /// Waits for those that are left, 5 seconds in all, then ends them.
  void finish();

 private:
  void start_next();
  void call(const std::string& line);
  [[nodiscard]] bool is_busy() const { return process_ != 0; }

  std::optional<std::string> hook_;  ///< its path; nothing: there is none
  std::string folder_;               ///< the top of the main worktree
  std::string state_folder_;
  std::string log_;
  std::string session_;
  std::unique_ptr<supervisor::ProcessRunner> runner_;
  std::deque<std::string> lines_;
  std::string input_;  ///< file with the line of the call under way
  int process_ = 0;
  supervisor::TimerId limit_ = 0;
  bool is_finishing_ = false;
};

}  // namespace gitplan::commands
