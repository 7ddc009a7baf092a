// Running git (and hooks, and verify commands) as programs.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gitplan::git {

/// One run of a program. The environment is the caller's, without the variables that
/// `git rev-parse --local-env-vars` lists (those that carry `-c` settings stay), then with
/// `environment`. LC_ALL=C is set where the output is parsed (capture).
struct Command {
  std::vector<std::string>
      arguments;       ///< without "git" for run_git; the program first for run_program
  int folder_fd = -1;  ///< current folder by descriptor; else `folder`; else ours
  std::string folder;
  std::vector<std::pair<std::string, std::string>> environment;
  std::string_view input;  ///< standard input; empty: /dev/null
  enum class Errors { capture, pass_through } errors = Errors::capture;
  /// pass_through: the program's standard output goes to our standard error.
  enum class Output { capture, to_stderr } output = Output::capture;
  /// Where the child writes its /proc/self/stat line before the program starts, beside the lock
  /// notes (git/lock.hpp) that live: whoever finds the file later can wait for the program. Open
  /// for appending.
  int note_fd = -1;
  /// For a program that may wait for others: after it wrote nothing that we capture for so long, it
  /// and all that it started are ended. It has a session of its own, where no terminal can be asked
  /// for a password, and is told to end when we die.
  std::optional<std::chrono::milliseconds> patience;
};

struct Outcome {
  int exit_status = 0;  ///< 128 + signal if killed
  std::string output;
  std::string errors;
  bool was_ended = false;  ///< patience was lost
  [[nodiscard]] bool ok() const { return exit_status == 0; }
};

/// Throws Error(fatal) only if the program cannot be started.
Outcome run_git(const Command& command);
Outcome run_program(const Command& command);

/// run_git that must succeed: throws Error(fatal) "git <verb>: <its first error line>".
std::string run_git_checked(const Command& command);

/// Ids of processes of ours that wait for this one and all that it runs: it is part of a hook, a
/// filter or the like of a program that they started, and is to take no lock that they hold.
inline constexpr const char* waited_for_by = "GIT_PLAN_WAITED_FOR_BY";
bool is_waited_for_by(int pid);

/// The environment that a Command with these variables gives, for programs that are started
/// otherwise: all of it, "NAME=value".
std::vector<std::string> child_environment(
    const std::vector<std::pair<std::string, std::string>>& variables);

/// Absolute path of the git that run_git runs. Throws Error(fatal) "git is not on PATH".
std::string git_program();

/// The first line of git's complaint, without "fatal: " or "error: ".
std::string first_error_line(const Outcome& outcome);

}  // namespace gitplan::git
