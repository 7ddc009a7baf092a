// Processes, timers and signals, as the supervisor uses them: libuv in life (uv_runner.hpp), a
// script in tests.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/process_identity.hpp"

namespace gitplan::supervisor {

inline constexpr std::size_t longest_line = 1U << 20U;  ///< bytes, of what is read from a process

/// A program to start, as leader of a session and process group of its own.
struct ProcessSpec {
  std::vector<std::string> arguments;    ///< the program first; looked up on PATH
  std::vector<std::string> environment;  ///< all of it, "NAME=value"
  std::string folder;                    ///< current folder
  std::string input_file;                ///< standard input; empty: /dev/null
  /// Appended to by standard error, and by standard output unless that is read.
  std::string log_file;
  /// Called with each line of standard output as it arrives, without its newline, and before the
  /// process is said to have ended. One longer than longest_line is left out. Empty: standard
  /// output goes to the log.
  std::function<void(std::string_view line)> said = {};
};

struct ProcessEnd {
  int exit_status = 0;  ///< 128 + signal if killed
};

using TimerId = std::uint64_t;

class ProcessRunner {
 public:
  ProcessRunner() = default;
  ProcessRunner(const ProcessRunner&) = delete;
  ProcessRunner& operator=(const ProcessRunner&) = delete;
  virtual ~ProcessRunner() = default;

  /// Returns its process id. Throws Error(fatal) if it cannot be started.
  virtual int start(const ProcessSpec& spec, std::function<void(const ProcessEnd&)> ended) = 0;
  /// Calls back once when a process that is not ours to reap has ended, at once if it has already.
  virtual void watch(const ProcessIdentity& process, std::function<void()> ended) = 0;
  /// To the process group that it leads; to the process alone if it leads none.
  virtual void signal(int pid, int number) = 0;

  virtual TimerId after(std::chrono::milliseconds delay, std::function<void()> due) = 0;
  virtual void cancel(TimerId timer) = 0;
  /// Calls back whenever one of the signals arrives, until the runner is destroyed.
  virtual void on_signals(const std::vector<int>& numbers, std::function<void(int)> arrived) = 0;

  /// Runs until `stop` is called, or nothing is left that could call back (signals apart).
  virtual void run() = 0;
  virtual void stop() = 0;
};

}  // namespace gitplan::supervisor
