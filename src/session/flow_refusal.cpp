#include "session/flow_refusal.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "session/put_aside.hpp"

namespace gitplan {
namespace {

using git::FlowResult;
using git::FlowUpdate;

struct Words {
  std::string problem;
  std::string of_path;  ///< what a path of the result is: "in the way"
  std::string way_out;  ///< a sentence that ends in a command
};

std::string git_in(const FlowResult& result, std::string_view command) {
  return fmt::format("git -C {} {}", text::shell_quote(result.worktree), command);
}

/// What stands at the recorded place may be another's: nothing to remove then.
std::string way_out_of_away(const FlowResult& result) {
  if (exists(result.worktree)) return "to see what git has recorded, run: git worktree list";
  return "if it never comes back, run: git worktree remove -f -f " +
         text::shell_quote(result.worktree);
}

Words words_for(const std::string& flow, const FlowResult& result) {
  const std::string where = text::printable(result.worktree);
  switch (result.update) {
    case FlowUpdate::busy:
      return {
          fmt::format("'{}' is in the middle of a merge, rebase or bisection in '{}'", flow, where),
          "in conflict", "to see how far it is, run: " + git_in(result, "status")};
    case FlowUpdate::conflicted:
      return {
          fmt::format("'{}', which has '{}' checked out, has unresolved conflicts", where, flow),
          "in conflict", "to see them, run: " + git_in(result, "status")};
    case FlowUpdate::away:
      return {fmt::format("'{}' is checked out in worktree '{}', which is not there", flow, where),
              "", way_out_of_away(result)};
    case FlowUpdate::unplaced:
      return {fmt::format("'{}' is checked out in the main worktree of '{}', and nothing tells "
                          "where that stands",
                          flow, where),
              "", "to say where it stands, run: git config core.worktree '<path>'"};
    case FlowUpdate::shared:
      return {fmt::format("'{}' is checked out in several worktrees, and one alone can follow it",
                          flow),
              "checked out in", "to see all worktrees, run: git worktree list"};
    default:
      return {fmt::format("local changes in '{}', which has '{}' checked out, are in the way",
                          where, flow),
              "in the way", "to put them aside, run: " + command_to_put_aside(result)};
  }
}

}  // namespace

void refuse_advance(const std::string& flow_branch, const FlowResult& result,
                    const std::string& again, std::string_view undone) {
  const Words words = words_for(text::printable(flow_branch), result);
  std::vector<std::string> messages{fmt::format("{}; {}", words.problem, undone)};
  for (const auto& path : result.paths)
    messages.push_back(fmt::format("{}: '{}'", words.of_path, text::printable(path)));
  throw FlowBlocked(Error(ErrorKind::wrong_state, std::move(messages),
                          {Hint{words.way_out}, Hint{"then run again: " + again}}));
}

}  // namespace gitplan
