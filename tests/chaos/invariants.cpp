#include "chaos/invariants.hpp"

#include <algorithm>
#include <filesystem>

namespace chaos {
namespace {

using Broken = std::optional<std::string>;

bool is_ours(const Scene& scene) {
  return scene.doing.action->by == By::ours || scene.doing.action->by == By::reading;
}

/// Git may throw away what its user tells it to; nobody else may.
Broken nothing_is_lost(const Scene& scene) {
  if (scene.doing.action->by == By::user) return std::nullopt;
  std::string gone;
  for (const int mark : lost(scene.before.alive, scene.after.alive)) {
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
/// worker has yet; what it finishes goes.
bool may_change(const Scene& scene, const Checkout& checkout) {
  if (scene.doing.action->by == By::reading) return false;
  if (!checkout.path.starts_with(scene.world.main() + "/.worktrees/")) return false;
  if (scene.doing.worker && checkout.path.ends_with("-" + *scene.doing.worker)) return true;
  if (scene.doing.task && checkout.task == *scene.doing.task) return true;
  if (!checkout.phase.empty() && checkout.phase != "ready") return true;
  return scene.doing.action->name.starts_with("wave-finish") &&
         !scene.after.checkouts.contains(checkout.path);
}

/// A checkout of a branch that was moved follows it and keeps its own changes.
bool followed(const Scene& scene, const Checkout& before, const Checkout& after) {
  const auto changes = scene.local_changes_before.find(before.path);
  if (changes == scene.local_changes_before.end() || before.branch != after.branch) return false;
  const auto old_tip = scene.before.refs.find(before.branch);
  const auto new_tip = scene.after.refs.find(before.branch);
  if (old_tip == scene.before.refs.end() || new_tip == scene.after.refs.end()) return false;
  if (scene.doing.killed) return true;  // half way
  return old_tip->second != new_tip->second &&
         local_changes(scene.world, before.path) == changes->second;
}

std::string difference(const std::string& before, const std::string& after) {
  const auto at = std::mismatch(before.begin(), before.end(), after.begin(), after.end()).first -
                  before.begin();
  const auto start = before.rfind('\0', static_cast<std::size_t>(at)) + 1;
  const auto length = std::size_t{300};
  return "before: " + before.substr(start, length) +
         "\nafter: " + (start < after.size() ? after.substr(start, length) : "");
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

bool is_of_user(const std::string& ref) {
  return !ref.starts_with("refs/heads/task/") && !ref.starts_with("refs/heads/plan/") &&
         !ref.starts_with("refs/git-plan/") && ref != "refs/heads/flow" && ref != "refs/heads/main";
}

Broken other_refs_stay(const Scene& scene) {
  if (!is_ours(scene)) return std::nullopt;
  for (const auto& [name, id] : scene.before.refs) {
    if (!is_of_user(name) && scene.doing.action->by != By::reading) continue;
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

/// Its commits, or what they change: a squash or a cherry-pick is as good.
bool is_in_flow(const World& world, const std::string& commit) {
  const auto git = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "git");
    return world.run(world.main(), words);
  };
  if (git({"merge-base", "--is-ancestor", commit, "flow"}).status == 0) return true;
  const Ran merged = git({"merge-tree", "--write-tree", "flow", commit});
  return merged.status == 0 && merged.output == git({"rev-parse", "flow^{tree}"}).output;
}

/// What `task done` calls done is in flow, with the last of its commits.
Broken done_is_in_flow(const Scene& scene) {
  const Doing& doing = scene.doing;
  if (!doing.action->name.starts_with("task-done") || doing.killed || doing.ran.status != 0) {
    return std::nullopt;
  }
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
    {"nothing-is-lost", nothing_is_lost}, {"objects-are-there", objects_are_there},
    {"ends-orderly", ends_orderly},       {"other-checkouts-stay", other_checkouts_stay},
    {"other-refs-stay", other_refs_stay}, {"task-is-in-one-slot", task_is_in_one_slot},
    {"done-is-in-flow", done_is_in_flow}, {"plan-is-readable", plan_is_readable},
};

}  // namespace

const std::vector<Invariant>& invariants() { return table; }

bool may_follow(const Checkout& checkout) {
  return checkout.branch == "refs/heads/flow" || checkout.branch == "refs/heads/main";
}

}  // namespace chaos
