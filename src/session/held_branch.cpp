#include "session/held_branch.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace gitplan {

void refuse_held_branch(const std::string& what, const std::string& worktree) {
  throw Error(
      ErrorKind::wrong_state,
      fmt::format("cannot {}: its branch is checked out at '{}'", what, text::printable(worktree)),
      Hint{fmt::format("to leave it there, run: git -C {} checkout --detach",
                       text::shell_quote(worktree))});
}

}  // namespace gitplan
