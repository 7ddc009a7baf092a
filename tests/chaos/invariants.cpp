#include "chaos/invariants.hpp"

#include <algorithm>
#include <filesystem>

namespace chaos {
namespace {

using Broken = std::optional<std::string>;

Ran git(const World& world, std::vector<std::string> words) {
  words.insert(words.begin(), "git");
  return world.run(world.main(), words);
}

bool is_ancestor(const World& world, const std::string& commit, const std::string& of) {
  return git(world, {"merge-base", "--is-ancestor", commit, of}).status == 0;
}

bool is_ours(const Scene& scene) {
  return scene.doing.action->by == By::ours || scene.doing.action->by == By::reading;
}

bool is_clean(const Scene& scene) { return scene.doing.action->name.starts_with("plan-clean"); }

bool is_delivery(const Action& action) { return action.name.starts_with("plan-deliver"); }

/// The branches and refs that were there, but for task branches that `plan clean -f` has deleted,
/// as it was told to.
std::vector<std::string> tips_to_keep(const Scene& scene) {
  const bool forced = scene.doing.action->name == "plan-clean-forced";
  std::vector<std::string> tips;
  for (const auto& [name, id] : scene.before.refs) {
    const bool is_task = name.starts_with("refs/heads/task/");
    if (!forced || !is_task || scene.after.refs.contains(name)) tips.push_back(id);
  }
  return tips;
}

/// What `plan clean` may take away: with a branch goes its reflog, as with `git branch -d`.
Marks put_away(const Scene& scene, Marks marks) {
  if (!is_clean(scene)) return {};
  std::vector<std::string> words{"rev-list", "--objects", "--no-object-names"};
  for (const std::string& tip : tips_to_keep(scene)) words.push_back(tip);
  const World& world = scene.world;
  const std::string ids = git(world, words).output;
  Marks kept;
  find_marks(world.run(world.main(), {"git", "cat-file", "--batch"}, ids).output, kept);
  return lost(marks, kept);
}

/// Git may throw away what its user tells it to; nobody else may.
Broken nothing_is_lost(const Scene& scene) {
  if (scene.doing.action->by == By::user) return std::nullopt;
  const Marks missing = lost(scene.before.alive, scene.after.alive);
  if (missing.empty()) return std::nullopt;
  std::string gone;
  for (const int mark : lost(missing, put_away(scene, missing))) {
    if (!scene.world.is_ignored(mark)) gone += " " + mark_text(mark);
  }
  if (gone.empty()) return std::nullopt;
  return "in no file, index, ref or reflog any more:" + gone;
}

Broken objects_are_there(const Scene& scene) {
  if (scene.after.damage.empty()) return std::nullopt;
  return scene.after.damage;
}

/// In what is left of a worktree git finds no repository, or none that it can read.
bool git_works_in(const World& world, const std::string& folder) {
  return std::filesystem::exists(folder) &&
         world.run(folder, {"git", "rev-parse", "HEAD"}).status == 0;
}

/// As nothing could be done there, or nothing was said of what to do it to.
bool was_called_badly(const Scene& scene) {
  constexpr int fatal = 128;
  constexpr int usage = 129;
  const int status = scene.doing.ran.status;
  return (status == usage && !scene.doing.task) ||
         (status == fatal && !git_works_in(scene.world, scene.doing.folder));
}

Broken ends_orderly(const Scene& scene) {
  if (!is_ours(scene) || scene.doing.killed) return std::nullopt;
  const Ran& ran = scene.doing.ran;
  const bool died = ran.signalled || ran.too_long || ran.status > 129;
  if (!died && (ran.status <= 3 || was_called_badly(scene))) return std::nullopt;
  return "exit " + std::to_string(ran.status) + (ran.too_long ? " (did not end)" : "") + ": " +
         ran.errors;
}

/// The slots that a command may change: those that it names, those of its task, those that no
/// worker has yet, those of a run with which it goes on; what it finishes goes.
bool may_change(const Scene& scene, const Checkout& checkout) {
  if (scene.doing.action->by == By::reading) return false;
  if (!checkout.path.starts_with(scene.world.main() + "/.worktrees/")) return false;
  if (scene.doing.worker && checkout.path.ends_with("-" + *scene.doing.worker)) return true;
  if (scene.doing.task && checkout.task == *scene.doing.task) return true;
  if (!checkout.phase.empty() && checkout.phase != "ready") return true;
  if (checkout.of_run && scene.doing.action->name == "wave-run") return true;
  return scene.doing.action->name.starts_with("wave-finish") &&
         !scene.after.checkouts.contains(checkout.path);
}

/// A checkout of a branch that was moved follows it and keeps its own changes; or its files, where
/// the branch now has the same changes.
bool followed(const Scene& scene, const Checkout& before, const Checkout& after) {
  const auto changes = scene.local_changes_before.find(before.path);
  if (changes == scene.local_changes_before.end() || before.branch != after.branch) return false;
  const auto old_tip = scene.before.refs.find(before.branch);
  const auto new_tip = scene.after.refs.find(before.branch);
  if (old_tip == scene.before.refs.end() || new_tip == scene.after.refs.end()) return false;
  if (scene.doing.killed) return true;  // half way
  return old_tip->second != new_tip->second &&
         (after.files == before.files ||
          local_changes(scene.world, before.path) == changes->second);
}

std::string difference(const std::string& before, const std::string& after) {
  const auto at = std::mismatch(before.begin(), before.end(), after.begin(), after.end()).first -
                  before.begin();
  const auto start = before.rfind('\0', static_cast<std::size_t>(at)) + 1;
  const auto entry = [&](const std::string& state) {
    constexpr std::size_t length = 300;
    if (start >= state.size()) return std::string();
    return state.substr(start, std::min(length, state.find('\0', start) - start));
  };
  return "before: " + entry(before) + "\nafter: " + entry(after);
}

Broken other_checkouts_stay(const Scene& scene) {
  if (!is_ours(scene)) return std::nullopt;
  for (const auto& [path, before] : scene.before.checkouts) {
    const auto now = scene.after.checkouts.find(path);
    if (may_change(scene, before)) continue;
    if (now == scene.after.checkouts.end()) return scene.world.shown(path) + " is gone";
    if (now->second.state == before.state || followed(scene, before, now->second)) continue;
    return scene.world.shown(path) + " has changed:\n" +
           difference(before.state, now->second.state);
  }
  return std::nullopt;
}

/// The branch that a delivery goes into; no other verb moves a branch of the user's.
std::string delivered_into(const Scene& scene) {
  if (!is_delivery(*scene.doing.action)) return "";
  if (!scene.doing.branch.empty()) return "refs/heads/" + scene.doing.branch;
  const std::string base = git(scene.world, {"config", "plan.base"}).output;
  return "refs/heads/" + base.substr(0, base.find('\n'));
}

bool is_of_user(const std::string& ref) {
  return !ref.starts_with("refs/heads/task/") && !ref.starts_with("refs/heads/plan/") &&
         !ref.starts_with("refs/git-plan/") && ref != "refs/heads/flow" && ref != "refs/heads/main";
}

Broken other_refs_stay(const Scene& scene) {
  if (!is_ours(scene)) return std::nullopt;
  const std::string target = delivered_into(scene);
  for (const auto& [name, id] : scene.before.refs) {
    if ((!is_of_user(name) || name == target) && scene.doing.action->by != By::reading) continue;
    const auto now = scene.after.refs.find(name);
    if (now == scene.after.refs.end() || now->second != id) return name + " was moved or deleted";
  }
  return std::nullopt;
}

Broken task_is_in_one_slot(const Scene& scene) {
  if (scene.doing.action->by != By::ours) return std::nullopt;
  for (const auto& [path, checkout] : scene.after.checkouts) {
    for (const auto& [other_path, other] : scene.after.checkouts) {
      if (path < other_path && !checkout.task.empty() && checkout.task == other.task &&
          checkout.phase == "ready" && other.phase == "ready") {
        return "task " + checkout.task + " is in " + scene.world.shown(path) + " and " +
               scene.world.shown(other_path);
      }
    }
  }
  return std::nullopt;
}

/// What our verbs put on a branch stands on top of what it had.
Broken branches_go_forward(const Scene& scene) {
  if (!is_ours(scene)) return std::nullopt;
  for (const std::string& name : {std::string("refs/heads/flow"), delivered_into(scene)}) {
    const auto old_tip = scene.before.refs.find(name);
    const auto new_tip = scene.after.refs.find(name);
    if (old_tip == scene.before.refs.end()) continue;
    if (new_tip == scene.after.refs.end()) return name + " is gone";
    if (!is_ancestor(scene.world, old_tip->second, new_tip->second))
      return name + " has lost commits";
  }
  return std::nullopt;
}

bool succeeded(const Scene& scene) { return !scene.doing.killed && scene.doing.ran.status == 0; }

Broken merged_is_in_flow(const Scene& scene) {
  if (!scene.doing.action->name.starts_with("plan-merge") || !succeeded(scene)) return std::nullopt;
  const std::string& commit = scene.doing.words.back();
  if (is_ancestor(scene.world, commit, "flow")) return std::nullopt;
  return commit + " is not in flow";
}

/// A merge of `theirs` would change nothing of `ours` but metadata.
bool brings_nothing(const World& world, const std::string& ours, const std::string& theirs) {
  const std::string merged = git(world, {"merge-tree", "--write-tree", ours, theirs}).output;
  const std::string tree = merged.substr(0, merged.find('\n'));
  return git(world, {"diff", "--quiet", ours, tree, "--", ".", ":(exclude).plan"}).status == 0;
}

/// Flow's commits, a squash of them, or nothing that it would bring.
bool has_all_of_flow(const World& world, const std::string& branch) {
  if (is_ancestor(world, "flow", branch)) return true;
  const std::string tip = git(world, {"rev-parse", "flow"}).output;
  const std::string messages = git(world, {"log", "--format=%B", branch}).output;
  return messages.find("\nDelivered: " + tip) != std::string::npos ||
         brings_nothing(world, branch, "flow");
}

Broken flow_is_delivered(const Scene& scene) {
  if (!is_delivery(*scene.doing.action) || !succeeded(scene)) return std::nullopt;
  const std::string branch = delivered_into(scene);
  if (has_all_of_flow(scene.world, branch)) return std::nullopt;
  return branch + " has not all of flow";
}

/// Its commits, or what they change: a squash or a cherry-pick is as good.
bool is_in_flow(const World& world, const std::string& commit) {
  return is_ancestor(world, commit, "flow") || brings_nothing(world, "flow", commit);
}

/// What `task done` calls done is in flow, with the last of its commits.
Broken done_is_in_flow(const Scene& scene) {
  const Doing& doing = scene.doing;
  if (!doing.action->name.starts_with("task-done") || !succeeded(scene)) return std::nullopt;
  const std::string task = doing.task.value_or(doing.ran.output.substr(0, 3));
  for (const auto& [name, id] : scene.after.refs) {
    if (name.starts_with("refs/heads/task/" + task + "-") && !is_in_flow(scene.world, id)) {
      return name + " is not in flow";
    }
  }
  return std::nullopt;
}

Broken plan_is_readable(const Scene& scene) {
  if (scene.doing.action->by != By::ours) return std::nullopt;
  const Ran ran = scene.world.run(scene.world.main(), {"git-task", "list"});
  if (ran.status == 0) return std::nullopt;
  return "git task list: exit " + std::to_string(ran.status) + ": " + ran.errors;
}

const std::vector<Invariant> table = {
    {"nothing-is-lost", nothing_is_lost},
    {"objects-are-there", objects_are_there},
    {"ends-orderly", ends_orderly},
    {"other-checkouts-stay", other_checkouts_stay},
    {"other-refs-stay", other_refs_stay},
    {"task-is-in-one-slot", task_is_in_one_slot},
    {"done-is-in-flow", done_is_in_flow},
    {"plan-is-readable", plan_is_readable},
    {"branches-go-forward", branches_go_forward},
    {"merged-is-in-flow", merged_is_in_flow},
    {"flow-is-delivered", flow_is_delivered},
};

}  // namespace

const std::vector<Invariant>& invariants() { return table; }

bool may_follow(const Action& action, const Checkout& checkout) {
  return is_delivery(action) || checkout.branch == "refs/heads/flow" ||
         checkout.branch == "refs/heads/main";
}

}  // namespace chaos
