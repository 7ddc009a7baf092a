#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "commands/doctor/checks.hpp"
#include "git/process.hpp"
#include "git/refs.hpp"
#include "git/worktrees.hpp"
#include "session/exclude_slots.hpp"
#include "slots/damage.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

Problem half_made(const Slot& slot) {
  const bool has_task = slot.claim && !slot.claim->session.empty();
  return {"slot_half_made",
          fmt::format("worker {} was left half made by a command that was killed", slot.number),
          has_task
              ? fmt::format("to finish it, run: git task start {}/{}", slot.claim->session,
                            slot.claim->task)
              : fmt::format("to save what it holds and free it, run: git wave worker remove {}",
                            slot.number)};
}

std::optional<Problem> without_plan(const Workspace& workspace, const Slot& slot) {
  const std::string& session = slot.claim->session;
  const bool orphaned =
      !session.empty() && !git::read_ref(workspace.repository(), ref_names::plan_ref(session));
  if (!orphaned) return std::nullopt;
  return Problem{"slot_without_plan",
                 fmt::format("worker {} works for plan '{}', which is gone", slot.number,
                             text::printable(session)),
                 fmt::format("to save what it holds and free it, run: git wave worker remove {}",
                             slot.number)};
}

Problem no_worktree(const Slot& slot, const std::string& remove) {
  if (!std::filesystem::is_directory(std::filesystem::symlink_status(slot.absolute_path))) {
    return {
        "not_a_folder", fmt::format("'{}' is no folder, and in a worker's place", slot.path),
        fmt::format("to see what it is, run: ls -ld {}", text::shell_quote(slot.absolute_path))};
  }
  return {"not_a_worktree", fmt::format("'{}' is no worktree of this repository", slot.path),
          "to move it aside, run: " + remove};
}

std::optional<Problem> problem_of(const Workspace& workspace, const Slot& slot) {
  const std::string remove = fmt::format("git wave worker remove {}", slot.number);
  switch (slot.state) {
    case Slot::State::absent:
    case Slot::State::making:
      return std::nullopt;
    case Slot::State::folder_gone:
      return Problem{"slot_without_folder",
                     fmt::format("the folder of worker {} is gone: '{}'", slot.number, slot.path),
                     "to forget it, run: git wave worker prune"};
    case Slot::State::strange:
      return no_worktree(slot, remove);
    case Slot::State::other_repository:
      return Problem{
          "slot_of_other_repository",
          fmt::format("'{}' is a worker of another repository: 'wave.worktreeDir' names one folder "
                      "for both",
                      slot.path),
          "to have a folder of your own here, run: git config wave.worktreeDir .worktrees"};
    case Slot::State::moved:
      return Problem{
          "slot_moved",
          fmt::format("'{}' still names the place where this repository stood before", slot.path),
          fmt::format("to tell git where it stands now, run: git worktree repair {}",
                      text::shell_quote(slot.absolute_path))};
    case Slot::State::displaced:
      return Problem{"slot_lost_git", fmt::format("'{}' has lost its .git", slot.path),
                     "to move what is there aside and free the slot, run: " + remove};
    case Slot::State::half_made:
      return half_made(slot);
    case Slot::State::by_hand:
      return Problem{"no_slot_record",
                     fmt::format("'{}' is a worktree that was not made as a slot", slot.path),
                     slot.branch.empty()
                         ? "to remove it, run: " + remove
                         : fmt::format("to make it one, run: git wave worker add {} {}; to remove "
                                       "it: {}",
                                       slot.number, text::shell_quote(slot.branch), remove)};
    case Slot::State::handed_over:
      return without_plan(workspace, slot);
  }
  return std::nullopt;
}

/// Where nothing tells what was checked out, `--fix` leaves HEAD.
std::optional<Problem> damaged_git_folder(const Slot& slot) {
  if (!is_damaged(slot, IndexLook::whole)) return std::nullopt;
  const auto damaged = damaged_files(slot.admin_folder, IndexLook::whole);
  const bool is_lost = damaged.front() == "HEAD" && !slot.claim && !last_head(slot.admin_folder);
  return Problem{
      "slot_damaged",
      fmt::format("the git folder of '{}' is damaged: {}", text::printable(slot.path),
                  text::join(damaged, ", ")),
      is_lost ? fmt::format("to say which branch stands there, run: echo 'ref: "
                            "refs/heads/<branch>' >{}",
                            text::shell_quote(join_path(slot.admin_folder, "HEAD")))
              : "to mend it, with all that stands in the worktree kept, run: git plan doctor "
                "--fix"};
}

/// Slots that somebody moved to another place than a slot's.
void check_moved_away(const Workspace& workspace, Problems& problems) {
  const auto worktrees = git::list_worktrees(workspace.repository());
  for (const Slot& slot : workspace.slots().elsewhere(worktrees)) {
    if (!slot.claim) continue;
    const auto& place = workspace.slots().place();
    const std::string home = fmt::format("{}/worker-{}", join_path(place.root, place.folder),
                                         workspace.slots().lowest_free());
    problems.push_back(
        {"slot_moved_away",
         fmt::format("'{}' was a worker's worktree{} before it was moved there",
                     text::printable(slot.path),
                     slot.claim->task.empty() ? "" : ", for task " + slot.claim->task + ","),
         fmt::format("to make it one again, run: git worktree move {} {}",
                     text::shell_quote(slot.absolute_path), text::shell_quote(home))});
  }
}

/// Worktrees in the folder of slots that are none, and what was moved aside there.
void check_strangers(const Workspace& workspace, Problems& problems) {
  const auto& place = workspace.slots().place();
  const std::string folder = join_path(place.root, place.folder);
  for (const git::Worktree& worktree : git::list_worktrees(workspace.repository())) {
    const bool stands_there = !worktree.is_main && worktree.path.starts_with(folder + "/");
    if (!stands_there || slot_number(std::string_view(worktree.path).substr(folder.size() + 1)))
      continue;
    problems.push_back(
        {"no_slot_record",
         fmt::format("worktree '{}' stands among the slots and is none",
                     text::printable(worktree.path)),
         fmt::format("to move it, run: git worktree move {} {}", text::shell_quote(worktree.path),
                     text::shell_quote(join_path(
                         place.root, "moved-" + worktree.path.substr(folder.size() + 1))))});
  }
  std::set<std::string> known;
  for (const Slot& slot : workspace.slots().worktrees()) known.insert(slot.folder);
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    const bool is_left = name.starts_with(leaving_prefix) && !known.contains(name);
    if (!name.starts_with("aside-") && !is_left) continue;
    const std::string path = place.shown + "/" + name;
    problems.push_back({"moved_aside",
                        fmt::format("'{}' was moved aside from a slot", text::printable(path)),
                        fmt::format("when nothing in it is wanted, run: rm -rf {}",
                                    text::shell_quote(entry.path().string()))});
  }
}

/// What every writing command does was not enough, or was not allowed.
std::string way_to_exclude(const Workspace& workspace) {
  const auto& place = workspace.slots().place();
  const std::string own = join_path(join_path(place.root, place.folder), ".gitignore");
  if (!is_exclude_elsewhere(workspace.repository()))
    return "to put it into info/exclude, run: git plan init";
  if (!exists(own)) return "to have it ignored there, run: git plan init";
  return fmt::format("to have it ignored there, run: echo '*' >>{}", text::shell_quote(own));
}

void check_excluded(const Workspace& workspace, Problems& problems) {
  const auto& main = workspace.repository().main_worktree();
  const auto& place = workspace.slots().place();
  if (!place.in_main || !exists(join_path(place.root, place.folder))) return;
  git::Command command;
  command.arguments = {"check-ignore", "-q", "--", *place.in_main + "/worker-1/"};
  command.folder = *main;
  if (git::run_git(command).exit_status != 1) return;
  problems.push_back({"not_excluded",
                      fmt::format("'{}' is not excluded: 'git status' and 'git add' see it",
                                  text::printable(place.shown)),
                      way_to_exclude(workspace)});
}

/// What stands in the place of the folder of all slots.
std::optional<Problem> unusable_folder(const SlotsPlace& place) {
  const std::string path = join_path(place.root, place.folder);
  const std::string name = text::printable(place.shown);
  if (is_symlink(path)) {
    return Problem{"bad_slots_folder",
                   fmt::format("'{}' is a symbolic link, and no slot is made behind one", name),
                   fmt::format("to remove the link, run: rm {}", text::shell_quote(path))};
  }
  if (!exists(path) || std::filesystem::is_directory(path)) return std::nullopt;
  return Problem{"bad_slots_folder",
                 fmt::format("'{}' is no folder, and no slot is made in it", name),
                 fmt::format("to move it out of the way, run: mv {} {}", text::shell_quote(path),
                             text::shell_quote(path + ".aside"))};
}

}  // namespace

void check_slots(const Workspace& workspace, Problems& problems) {
  try {
    static_cast<void>(workspace.slots());
  } catch (const Error& error) {
    problems.push_back({"bad_slots_folder", error.what(),
                        error.hints().empty() ? "to choose .worktrees, run: git config --unset "
                                                "wave.worktreeDir"
                                              : error.hints().front().text});
    return;
  }
  if (auto problem = unusable_folder(workspace.slots().place())) {
    problems.push_back(*std::move(problem));
    return;
  }
  for (const Slot& slot : workspace.slots().list()) {
    auto damage = damaged_git_folder(slot);
    if (auto problem = damage ? std::move(damage) : problem_of(workspace, slot))
      problems.push_back(*std::move(problem));
  }
  check_moved_away(workspace, problems);
  check_strangers(workspace, problems);
  check_excluded(workspace, problems);
}

}  // namespace gitplan::commands
