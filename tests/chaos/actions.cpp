#include "chaos/actions.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <sstream>

#include "chaos/by_hand.hpp"
#include "chaos/contents.hpp"

namespace chaos {
namespace {

const std::vector<Action> table = {
    // --- files ---
    {"write", 14, By::user, Place::any, "", write_over},
    {"append", 10, By::user, Place::any, "", append_to},
    {"delete-file", 2, By::user, Place::any, "", delete_file},
    {"rename-file", 2, By::user, Place::any, "", rename_file},
    {"write-ignored", 2, By::user, Place::any, "", write_ignored},
    {"folder-for-file", 1, By::user, Place::any, "", put_folder_for_file},
    {"file-for-folder", 1, By::user, Place::any, "", put_file_for_folder},
    {"link-for-file", 1, By::user, Place::any, "", put_link_for_file},
    // --- what people do with git ---
    {"stage", 6, By::user, Place::any, "git add -A"},
    {"commit", 10, By::user, Place::any, "git commit -q -m {text}"},
    {"commit-all", 10, By::user, Place::any, "git commit -q -a -m {text}"},
    {"commit-empty", 1, By::user, Place::any, "git commit -q --allow-empty -m {text}"},
    {"amend", 3, By::user, Place::any, "git commit -q -a --amend -m {text}"},
    {"stash", 2, By::user, Place::any, "git stash push -q -u"},
    {"stash-pop", 2, By::user, Place::any, "git stash pop -q"},
    {"stash-drop", 1, By::user, Place::any, "git stash drop -q"},
    {"detach", 2, By::user, Place::any, "git checkout -q --detach {commit}"},
    {"switch", 4, By::user, Place::any, "git switch -q {branch}"},
    {"switch-new", 3, By::user, Place::any, "git switch -q -c {new-branch}"},
    {"switch-flow", 2, By::user, Place::any, "git switch -q flow"},
    {"switch-main", 2, By::user, Place::main, "git switch -q main"},
    {"checkout-forced", 1, By::user, Place::any, "git checkout -q -f {branch}"},
    {"checkout-files", 1, By::user, Place::any, "git checkout -q {commit} -- ."},
    {"reset-hard", 2, By::user, Place::any, "git reset -q --hard {commit}"},
    {"reset-soft", 2, By::user, Place::any, "git reset -q --soft HEAD~1"},
    {"reset-mixed", 2, By::user, Place::any, "git reset -q"},
    {"branch-rename", 3, By::user, Place::any, "git branch -m {branch} {new-branch}"},
    {"branch-delete", 2, By::user, Place::any, "git branch -q -D {branch}"},
    {"branch-force", 1, By::user, Place::any, "git branch -q -f {branch} {commit}"},
    {"merge", 4, By::user, Place::any, "git merge -q --no-edit {branch}"},
    {"merge-squash", 1, By::user, Place::any, "git merge -q --squash {branch}"},
    {"merge-abort", 1, By::user, Place::any, "git merge --abort"},
    {"rebase", 3, By::user, Place::any, "git rebase -q {branch}"},
    {"rebase-autostash", 1, By::user, Place::any, "git rebase -q --autostash {branch}"},
    {"rebase-continue", 1, By::user, Place::any, "git rebase --continue"},
    {"rebase-skip", 1, By::user, Place::any, "git rebase --skip"},
    {"rebase-abort", 1, By::user, Place::any, "git rebase --abort"},
    {"revert", 2, By::user, Place::any, "git revert --no-edit {commit}"},
    {"cherry-pick", 2, By::user, Place::any, "git cherry-pick {branch}"},
    {"clean", 1, By::user, Place::any, "git clean -q -f -d"},
    {"tag", 1, By::user, Place::any, "git tag {new-branch}"},
    {"unstage-file", 1, By::user, Place::any, "git rm -q --cached {file}"},
    {"remove-file", 1, By::user, Place::any, "git rm -q {file}"},
    {"intend-to-add", 1, By::user, Place::any, "git add -N ."},
    {"assume-unchanged", 1, By::user, Place::any, "git update-index --assume-unchanged {file}"},
    {"skip-worktree", 1, By::user, Place::any, "git update-index --skip-worktree {file}"},
    {"orphan", 1, By::user, Place::any, "git switch -q --orphan {new-branch}"},
    {"bisect", 1, By::user, Place::any, "git bisect start HEAD {commit}"},
    {"bisect-reset", 1, By::user, Place::any, "git bisect reset"},
    {"remove-metadata", 1, By::user, Place::any, "git rm -q -r .plan"},
    {"keep-ignored", 1, By::user, Place::main, "git config wave.keepIgnored true"},
    // --- repositories in it ---
    {"inner-repository", 1, By::user, Place::any, "", make_inner_repository},
    {"submodule-add", 1, By::user, Place::any, "git submodule --quiet add {sub} mod"},
    {"submodule-update", 1, By::user, Place::any, "git submodule --quiet update --init"},
    {"submodule-commit", 1, By::user, Place::any, "", commit_in_submodule},
    // --- worktrees ---
    {"worktree-add", 1, By::user, Place::main,
     "git worktree add -q .worktrees/worker-{worker} {branch}"},
    {"worktree-lock", 2, By::user, Place::main, "git worktree lock --reason busy {slot}"},
    {"worktree-unlock", 3, By::user, Place::main, "git worktree unlock {slot}"},
    {"worktree-move", 1, By::user, Place::main, "git worktree move {slot} ../moved-{number}"},
    {"worktree-repair", 2, By::user, Place::main, "git worktree repair {slot}"},
    {"worktree-remove", 1, By::user, Place::main, "git worktree remove -f {slot}"},
    {"worktree-prune", 1, By::user, Place::main, "git worktree prune"},
    {"dot-git-removed", 1, By::user, Place::slot, "", remove_dot_git},
    {"folder-moved", 1, By::user, Place::slot, "", move_folder},
    {"folder-removed", 1, By::user, Place::slot, "", remove_folder},
    {"folder-copied", 1, By::user, Place::slot, "", copy_folder},
    {"strange-folder", 1, By::user, Place::main, "", make_strange_folder},
    // --- what must lose nothing ---
    {"gc", 1, By::keeper, Place::any, "git gc -q"},
    {"gc-now", 1, By::keeper, Place::any, "git gc -q --prune=now"},
    {"pack-refs", 1, By::keeper, Place::any, "git pack-refs --all"},
    // --- our verbs ---
    {"task-start", 9, By::ours, Place::any, "git-task start {task}"},
    {"task-start-in", 3, By::ours, Place::main, "git-task start {task} --worker={worker}"},
    {"task-create", 2, By::ours, Place::any, "git-task create {task}"},
    {"task-done", 8, By::ours, Place::any, "git-task done {task}"},
    {"task-done-here", 6, By::ours, Place::slot, "git-task done"},
    {"task-done-remove", 2, By::ours, Place::any, "git-task done {task} --remove-worktree"},
    {"task-reset", 4, By::ours, Place::any, "git-task reset {task}"},
    {"task-fail", 1, By::ours, Place::any, "git-task fail {task} -m because"},
    {"task-cancel", 1, By::ours, Place::any, "git-task cancel {task}"},
    {"wave-start", 5, By::ours, Place::any, "git-wave start -j 2"},
    {"wave-finish", 4, By::ours, Place::any, "git-wave finish"},
    {"wave-finish-named", 2, By::ours, Place::any, "git-wave finish {task}"},
    {"wave-finish-forced", 1, By::ours, Place::any, "git-wave finish -f {task}"},
    {"wave-run", 1, By::ours, Place::any, "git-wave run -j 1 -x {work}"},
    {"worker-add", 3, By::ours, Place::main, "git-wave worker add {worker} {branch}"},
    {"worker-remove", 3, By::ours, Place::main, "git-wave worker remove {worker}"},
    {"worker-prune", 1, By::ours, Place::any, "git-wave worker prune"},
    {"doctor-fix", 2, By::ours, Place::any, "git-plan doctor --fix"},
    {"plan-update", 1, By::ours, Place::any, "git-plan update --note={text}"},
    {"plan-end", 1, By::ours, Place::any, "git-plan update --cancel={unmerged-tasks}"},
    {"plan-merge", 3, By::ours, Place::any, "git-plan merge {branch}"},
    {"plan-merge-main", 2, By::ours, Place::any, "git-plan merge main"},
    {"plan-deliver", 4, By::ours, Place::any, "git-plan deliver"},
    {"plan-deliver-squash", 2, By::ours, Place::any, "git-plan deliver --squash"},
    {"plan-deliver-into", 1, By::ours, Place::any, "git-plan deliver --into={branch}"},
    {"plan-clean", 3, By::ours, Place::any, "git-plan clean"},
    {"plan-clean-forced", 1, By::ours, Place::any, "git-plan clean -f"},
    // --- our verbs that only read ---
    {"wave-status", 2, By::reading, Place::any, "git-wave status"},
    {"plan-show", 1, By::reading, Place::any, "git-plan show"},
    {"plan-check", 1, By::reading, Place::any, "git-plan check"},
    {"plan-report", 1, By::reading, Place::any, "git-plan report"},
    {"doctor", 1, By::reading, Place::any, "git-plan doctor"},
};

/// Exit status of kill_at.
constexpr int kill_at_killed = 99;
constexpr int kill_at_failed = 98;

std::vector<std::string> lines(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> found;
  for (std::string line; std::getline(stream, line);) found.push_back(line);
  return found;
}

std::string pick_or_nothing(Random& random, const std::vector<std::string>& values) {
  return values.empty() ? "" : random.pick(values);
}

/// Branches that people work on; not those of plans.
std::vector<std::string> branches(const World& world) {
  auto all = lines(
      world.run(world.main(), {"git", "for-each-ref", "--format=%(refname:short)", "refs/heads"})
          .output);
  std::erase_if(all, [](const std::string& name) { return name.starts_with("plan/"); });
  return all;
}

std::string some_commit(const World& world, Random& random) {
  if (random.chance(50)) return random.chance(50) ? "HEAD" : "HEAD~1";
  return pick_or_nothing(random, branches(world));
}

std::string some_slot(const World& world, Random& random) {
  const std::string slot = pick_or_nothing(random, world.linked_folders());
  return slot.empty() ? "" : "../" + world.shown(slot);
}

/// Mostly one that was begun.
std::string some_task(const World& world, Random& random) {
  constexpr std::string_view prefix = "task/";
  constexpr std::size_t id_length = 3;
  std::vector<std::string> begun;
  for (const std::string& name : branches(world)) {
    if (name.starts_with(prefix)) begun.push_back(name.substr(prefix.size(), id_length));
  }
  return begun.empty() || random.chance(30) ? random.pick(task_ids) : random.pick(begun);
}

/// Those of which flow has no metadata, as a list for one option.
std::string unmerged_tasks(const World& world) {
  const std::string merged =
      world.run(world.main(), {"git", "ls-tree", "-r", "--name-only", "flow"}).output;
  std::string ids;
  for (const std::string& id : task_ids) {
    if (merged.find("/" + id + "-") == std::string::npos) ids += (ids.empty() ? "" : ",") + id;
  }
  return ids;
}

/// What a placeholder stands for this time; empty: there is nothing.
std::string choose(World& world, Random& random, std::string_view placeholder, Doing& doing) {
  if (placeholder == "text") return mark_text(world.new_mark());
  if (placeholder == "file") return random.pick(file_names);
  if (placeholder == "sub") return world.top() + "/sub";
  if (placeholder == "work")
    return "echo '" + mark_text(world.new_mark()) + "' >> work.txt; git add .; git commit -q -m x";
  if (placeholder == "number") return std::to_string(world.new_number());
  if (placeholder == "branch") return doing.branch = pick_or_nothing(random, branches(world));
  if (placeholder == "new-branch") return "side-" + std::to_string(world.new_number());
  if (placeholder == "commit") return some_commit(world, random);
  if (placeholder == "slot") return some_slot(world, random);
  if (placeholder == "task") return *(doing.task = some_task(world, random));
  if (placeholder == "unmerged-tasks") return unmerged_tasks(world);
  if (placeholder == "worker") return *(doing.worker = random.pick(worker_numbers));
  return "";
}

std::optional<std::string> fill_in(World& world, Random& random, std::string word, Doing& doing) {
  for (auto open = word.find('{'); open != std::string::npos; open = word.find('{')) {
    const auto close = word.find('}', open);
    const std::string chosen =
        choose(world, random, std::string_view(word).substr(open + 1, close - open - 1), doing);
    if (chosen.empty()) return std::nullopt;
    word.replace(open, close - open + 1, chosen);
  }
  return word;
}

/// False if a placeholder has nothing to stand for.
bool find_words(World& world, Random& random, std::string_view command, Doing& doing) {
  std::istringstream words{std::string(command)};
  for (std::string word; words >> word;) {
    auto filled = fill_in(world, random, word, doing);
    if (!filled) return false;
    doing.words.push_back(*filled);
  }
  return true;
}

std::string find_folder(const World& world, Random& random, Place place) {
  auto folders = world.linked_folders();
  if (place == Place::main || (place == Place::any && random.chance(35))) return world.main();
  if (folders.empty()) return place == Place::any ? world.main() : "";
  return random.pick(folders);
}

/// kill_at tells the command's own end as wait(2) does, in its last line on stderr.
int own_status(const std::string& errors) {
  const auto at = errors.rfind("with wait status 0x");
  if (at == std::string::npos) return kill_at_failed;
  const auto status =
      std::stoul(errors.substr(at + std::string_view("with wait status 0x").size()), nullptr, 16);
  return (status & 0x7fU) != 0 ? static_cast<int>(128 + (status & 0x7fU))
                               : static_cast<int>(status >> 8U);
}

std::vector<std::string> kill_words(const World& world, Random& random, const Doing& doing) {
  // Most commands make some dozens of changes; small numbers are as good as large ones.
  const auto at = 1 + random.below(random.chance(50) ? 20 : 120);
  std::vector<std::string> words{world.programs().kill_at,
                                 random.chance(70) ? "--whole-tree" : "--root-only", "--settle",
                                 std::to_string(at), "--"};
  words.insert(words.end(), doing.words.begin(), doing.words.end());
  return words;
}

void run_killed(World& world, Random& random, Doing& doing) {
  const auto words = kill_words(world, random, doing);
  doing.ran = world.run(doing.folder, words);
  doing.killed = doing.ran.status == kill_at_killed;
  if (doing.ran.status == kill_at_failed) {
    doing.ran.status = own_status(doing.ran.errors);
    doing.ran.signalled = doing.ran.status > 128 && doing.ran.status != 129;
  }
}

void tell_command(World& world, const Doing& doing) {
  std::string line = world.shown(doing.folder) + "$ " + quoted(doing.words);
  if (doing.killed) {
    const auto at = doing.ran.errors.rfind("kill_at: ");
    line += "   # " + doing.ran.errors.substr(at, doing.ran.errors.find('\n', at) - at);
  } else {
    line += "   # exit " + std::to_string(doing.ran.status);
  }
  world.tell(std::move(line));
}

}  // namespace

const std::vector<Action>& actions() { return table; }

const Action* find_action(std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const Action& each) { return each.name == name; });
  return found == table.end() ? nullptr : &*found;
}

std::vector<Weight> weights() {
  std::vector<Weight> result;
  for (const Action& each : table) result.push_back({each.name, each.weight});
  return result;
}

Doing play(World& world, const Action& action, std::uint64_t seed) {
  constexpr unsigned killed_of_100 = 25;
  Random random(seed);
  Doing doing;
  doing.action = &action;
  doing.folder = find_folder(world, random, action.place);
  if (doing.folder.empty()) {
    doing.possible = false;
  } else if (action.by_hand != nullptr) {
    doing.possible = action.by_hand(world, random, doing.folder);
  } else if (doing.possible = find_words(world, random, action.command, doing); doing.possible) {
    if (action.by == By::ours && random.chance(killed_of_100)) {
      run_killed(world, random, doing);
    } else {
      doing.ran = world.run(doing.folder, doing.words);
    }
    tell_command(world, doing);
  }
  return doing;
}

Doing again(World& world, const Doing& killed) {
  Doing doing = killed;
  doing.killed = false;
  // The folder may be gone by now, or out of reach.
  if (!std::filesystem::exists(doing.folder)) doing.folder = world.main();
  doing.ran = world.run(doing.folder, doing.words);
  tell_command(world, doing);
  return doing;
}

}  // namespace chaos
