// A time limit on what this process waits for: git, and the hooks and verifications that it runs.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace gitplan::supervisor {

/// When the time is over, all that came from this process is sent TERM, and KILL after
/// term_to_kill, until the object is gone. Whoever waits for such a process sees it fail.
class TimeLimit {
 public:
  /// Nothing: no limit.
  explicit TimeLimit(std::optional<std::chrono::seconds> limit);
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;
  ~TimeLimit();

  [[nodiscard]] bool is_over() const;

 private:
  bool is_lifted_within(std::chrono::milliseconds time);
  void watch(std::chrono::seconds limit);

  mutable std::mutex guard_;
  std::condition_variable changed_;
  bool lifted_ = false;
  bool over_ = false;
  std::thread watcher_;
};

}  // namespace gitplan::supervisor
