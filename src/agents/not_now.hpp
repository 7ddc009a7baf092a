// Whether what a worker's command said at its end means that its agent cannot work now, and until
// when.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace gitplan::agents {

/// A POSIX extended regular expression.
class Pattern {
 public:
  /// Throws Error(fatal) that says what is wrong with it.
  explicit Pattern(const std::string& text);
  /// What its first group (of those that are part of the match) matched in the last line that it
  /// matches, which may be nothing; no value where it matches none.
  [[nodiscard]] std::optional<std::string> last_match(std::span<const std::string> lines) const;

 private:
  struct Compiled;
  std::shared_ptr<const Compiled> compiled_;
};

/// What an agent that cannot work now says of when it can again.
struct NotNow {
  std::optional<Seconds> until;
  std::string unread;  ///< what it named, where that is no time
  bool operator==(const NotNow&) const = default;
};

struct LastWords {
  int exit_status = 0;
  std::span<const std::string> lines;  ///< the last ones that it wrote
  std::optional<std::string> named;    ///< what it left in $GIT_TASK_RETRY_FILE
  Seconds said_at = 0;
};

/// Nothing where it means no such thing. The time that it left in the file goes before one in its
/// output. `pattern` may be null.
std::optional<NotNow> not_now(const LastWords& words, const Pattern* pattern);

}  // namespace gitplan::agents
