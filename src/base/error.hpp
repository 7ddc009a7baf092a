// One exception type for every failure; outcomes that are answers are values, not exceptions.
#pragma once

#include <exception>
#include <string>
#include <vector>

namespace gitplan {

/// Why a command stops. The value is its exit status.
enum class ErrorKind : int {
  negative = 1,     ///< a negative answer: check found errors, a merge conflicts
  not_found = 2,    ///< no such plan, task or worker
  wrong_state = 3,  ///< already exists, or in the wrong state
  lost_race = 5,    ///< lost a race or a lock, safe to run again
  timed_out = 124,  ///< a time limit ran out
  fatal = 128,      ///< refused or unparsable input, no repository, unreadable metadata, I/O
  usage = 129,      ///< wrong usage
};

/// The word of a kind in JSON errors, such as "not_found".
const char* kind_code(ErrorKind kind);

/// The way out: a sentence that ends in a command to run, without the leading "hint: ".
struct Hint {
  std::string text;
};

/// A failure, as the user will read it. Messages follow git: lower case, no full stop, the problem
/// first, names in single quotes. Several messages are printed as several `error:` lines.
class Error : public std::exception {
 public:
  Error(ErrorKind kind, std::string message);
  Error(ErrorKind kind, std::string message, Hint hint);
  Error(ErrorKind kind, std::vector<std::string> messages, std::vector<Hint> hints);

  /// Gives the error a word of its own in JSON, such as "task_not_ready".
  Error&& with_code(std::string code) &&;

  [[nodiscard]] ErrorKind kind() const { return kind_; }
  [[nodiscard]] int exit_status() const { return static_cast<int>(kind_); }
  [[nodiscard]] const std::string& code() const { return code_; }
  [[nodiscard]] const std::vector<std::string>& messages() const { return messages_; }
  [[nodiscard]] const std::vector<Hint>& hints() const { return hints_; }
  [[nodiscard]] const char* what() const noexcept override { return messages_.front().c_str(); }

 private:
  ErrorKind kind_;
  std::string code_;
  std::vector<std::string> messages_;
  std::vector<Hint> hints_;
};

}  // namespace gitplan
