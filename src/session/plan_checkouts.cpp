#include "session/plan_checkouts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/process.hpp"
#include "git/under_way.hpp"
#include "git/worktrees.hpp"
#include "session/workspace.hpp"
#include "slots/damage.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

constexpr std::size_t most_commits = 1000;

git::Outcome ask(const git::Worktree& worktree, std::vector<std::string> words) {
  git::Command command;
  command.folder = worktree.path;
  command.arguments = {"--no-optional-locks"};
  command.arguments.insert(command.arguments.end(), words.begin(), words.end());
  return git::run_git(command);
}

/// plan.toml as the index has it; nothing where it is in conflict or gone.
std::optional<git::Oid> staged_plan(const git::Worktree& worktree) {
  const std::string format = "--format=%(stage)%(objectname)";
  const std::string line =
      ask(worktree, {"ls-files", format, "--", std::string(ref_names::plan_file)}).output;
  return line.starts_with('0') ? git::Oid::parse(text::trim(line.substr(1))) : std::nullopt;
}

std::optional<git::Oid> plan_of(const Workspace& workspace, const git::Oid& commit) {
  const auto entry =
      git::entry_at(workspace.repository(), git::tree_of(workspace.repository(), commit),
                    std::string(ref_names::plan_file));
  return entry ? std::optional(entry->oid) : std::nullopt;
}

/// What stands in the worktree was made from a version of the plan.
struct Base {
  git::Oid commit;
  bool is_staged_over = false;  ///< the index has more than that
};

std::optional<Base> base_of(const Workspace& workspace, const git::Worktree& worktree,
                            const git::Oid& tip) {
  const auto commits = workspace.store().history(tip, most_commits);
  const auto staged = staged_plan(worktree);
  for (const git::Commit& commit : commits) {
    if (staged && plan_of(workspace, commit.id) == staged) return Base{commit.id, false};
  }
  const auto last = last_head(worktree.admin_folder);
  if (last && std::ranges::find(commits, *last, &git::Commit::id) != commits.end())
    return Base{*last, true};
  return std::nullopt;
}

/// Nobody's edits: git takes the files along. Otherwise HEAD goes back to what they were made from,
/// so that git sees them as edits, and merges them.
std::string way_to_follow(const Workspace& workspace, const git::Worktree& worktree,
                          const std::string& branch, const git::Oid& tip) {
  const std::string git_there = "git -C " + text::shell_quote(worktree.path);
  if (git::operation_under_way(worktree.admin_folder))
    return fmt::format("to see what is under way there, run: {} status", git_there);
  const auto base = base_of(workspace, worktree, tip);
  if (!base) return fmt::format("to see how it differs, run: {} diff HEAD", git_there);
  const bool is_edited = base->is_staged_over || !ask(worktree, {"diff-files", "--quiet"}).ok();
  if (!is_edited) return fmt::format("to have it there, run: {} reset --merge HEAD", git_there);
  return fmt::format(
      "to have it there, with what is edited there merged in, run: {0} update-ref --no-deref HEAD "
      "{1}{2} && {0} checkout -m {3} --",
      git_there, base->commit.abbreviated(),
      base->is_staged_over ? " && " + git_there + " reset -q" : "", text::shell_quote(branch));
}

}  // namespace

namespace {

struct StaleCheckout {
  std::string words;
  std::string way_out;
};

std::vector<StaleCheckout> stale_checkouts(const Workspace& workspace, std::string_view session) {
  std::vector<StaleCheckout> stale;
  const std::string ref = ref_names::plan_ref(session);
  const std::string branch = ref_names::branch_name(ref);
  for (const auto& worktree : git::worktrees_of_branch(workspace.repository(), ref)) {
    if (worktree.missing) continue;
    const git::Oid tip = workspace.store().locate(session).commit;
    if (staged_plan(worktree) == plan_of(workspace, tip)) continue;
    stale.push_back({fmt::format("'{}' has '{}' checked out, and not this version of it",
                                 text::printable(worktree.path), branch),
                     way_to_follow(workspace, worktree, branch, tip)});
  }
  return stale;
}

}  // namespace

void warn_of_checkouts(Workspace& workspace, std::string_view session) {
  for (const StaleCheckout& one : stale_checkouts(workspace, session)) {
    workspace.warn({Severity::warning, "plan_checked_out", one.words, "", std::nullopt});
    workspace.hint(one.way_out);
  }
}

void note_checkouts(const Workspace& workspace, std::string_view session) {
  for (const StaleCheckout& one : stale_checkouts(workspace, session)) {
    workspace.note(one.words);
    workspace.hint(one.way_out);
  }
}

}  // namespace gitplan
