// The machinery below process.hpp: one child process, from fork to its exit status.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gitplan::git {

/// A program that is ready to start: nothing is looked up or allocated between fork and exec.
struct Child {
  std::string program;                   ///< path
  std::vector<std::string> arguments;    ///< argv, the program's name first
  std::vector<std::string> environment;  ///< all of it, "NAME=value"
  int folder_fd = -1;
  std::string folder;
  std::string_view input;
  bool capture_output = true;  ///< else standard output is our standard error
  bool capture_errors = true;  ///< else standard error is ours
  int note_fd = -1;
  std::optional<std::chrono::milliseconds> patience;  ///< see Command
};

struct ChildResult {
  int exit_status = 0;  ///< 128 + signal if killed
  bool was_ended = false;
  std::string output;
  std::string errors;
};

/// Runs it to its end. Processes that it left behind with our pipes open are not waited for. Throws
/// Error(fatal) if it cannot be started.
ChildResult run_child(const Child& child);

}  // namespace gitplan::git
