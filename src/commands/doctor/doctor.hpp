// `git plan doctor`: what is wrong on this machine and in this repository, and how to mend it.
#pragma once

#include <string>
#include <vector>

#include "session/json.hpp"
#include "session/workspace.hpp"

namespace gitplan::commands {

struct Problem {
  std::string code;
  std::string message;  ///< printable
  std::string hint;     ///< ends in a command to run
  bool fixed = false;
};
using Problems = std::vector<Problem>;

enum class Mend { no, what_is_safe };

/// Works everywhere: outside a repository, and in one that nothing else here can read. Without
/// `mend` it changes nothing. Problems that `mend` mended come first, as fixed.
Problems examine(const Settings& settings, const Notices& notices, Mend mend);
Json to_json(const Problems& problems);

}  // namespace gitplan::commands
