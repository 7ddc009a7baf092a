#include "session/held_branch.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"

namespace gitplan {

bool holds_its_branch(const git::Worktree& worktree) {
  return !worktree.missing || exists(worktree.admin_folder + "/locked");
}

void refuse_held_branch(const std::string& what, const git::Worktree& worktree) {
  const std::string place = text::shell_quote(worktree.path);
  throw Error(
      ErrorKind::wrong_state,
      fmt::format("cannot {}: its branch is checked out at '{}'{}", what,
                  text::printable(worktree.path),
                  worktree.missing ? ", which is not there now" : ""),
      Hint{worktree.missing
               ? "if it is gone for good, run: git worktree remove -f -f " + place
               : fmt::format("to leave it there, run: git -C {} checkout --detach", place)});
}

}  // namespace gitplan
