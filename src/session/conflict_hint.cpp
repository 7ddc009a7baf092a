#include "session/conflict_hint.hpp"

#include <fmt/format.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/branch_word.hpp"
#include "git/refs.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

/// A branch and a folder beside the slots that nobody has.
struct Place {
  std::string branch;
  std::string folder;
};

Place free_place(const Workspace& workspace) {
  const SlotsPlace& slots = workspace.slots().place();
  for (int count = 1;; ++count) {
    const std::string name = count > 1 ? fmt::format("resolve-{}", count) : "resolve";
    Place place{name, fmt::format("{}/{}/{}", slots.root, slots.folder, name)};
    if (!git::read_ref(workspace.repository(), ref_names::branch_ref(name)) &&
        !exists(place.folder))
      return place;
  }
}

}  // namespace

void hint_at_conflicts(const Workspace& workspace, const std::string& flow_branch,
                       const std::string& other, const std::string& options,
                       const std::string& then) {
  const Place place = free_place(workspace);
  const std::string folder = text::shell_quote(place.folder);
  workspace.hint(fmt::format("to resolve them beside both, run: git worktree add -b {} {} {}",
                             place.branch, folder, text::shell_quote(other)));
  workspace.hint(
      fmt::format("then run: git -C {} merge {}", folder,
                  text::shell_quote(git::branch_word(workspace.repository(), flow_branch))));
  workspace.hint(
      fmt::format("when that is committed, run: git plan merge {}{}", place.branch, options));
  if (!then.empty()) workspace.hint("then run: " + then);
  workspace.hint("to put that worktree away in the end, run: git worktree remove " + folder);
  workspace.hint("and its branch, which is merged by then, run: git branch -D " + place.branch);
}

std::string plan_word(const Workspace& workspace) {
  const auto& plan = workspace.settings().plan;
  return plan ? " --plan=" + text::shell_quote(*plan) : "";
}

}  // namespace gitplan
