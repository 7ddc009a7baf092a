// Whether anything of a worker moves: its output, its commits, its files.
#pragma once

#include <string>

#include "base/clock.hpp"

namespace gitplan::supervisor {

struct SignsOfLife {
  std::string log;
  std::string worktree;
  std::string git_folder;  ///< of the worktree
};

/// When one of them changed last, by the clock of the file system; looks at every file of the
/// worktree. A name that is not there counts for nothing, and no link is followed.
Seconds last_sign(const SignsOfLife& signs);

}  // namespace gitplan::supervisor
