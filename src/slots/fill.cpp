// Filling a reserved slot: saving what stands in it, the checkout, what a fresh worktree gets
// besides.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/complaint.hpp"
#include "git/config.hpp"
#include "git/fresh_worktree.hpp"
#include "git/refs.hpp"
#include "git/repository.hpp"
#include "slots/changed_files.hpp"
#include "slots/include_files.hpp"
#include "slots/look.hpp"
#include "slots/slots.hpp"
#include "slots/trash.hpp"
#include "slots/unseen_work.hpp"

namespace gitplan {
namespace {

/// What earlier use, and a merge, rebase, bisect or the like under way, leaves in a worktree's git
/// folder.
constexpr std::array unfinished_business = {
    "MERGE_HEAD",   "MERGE_MODE",      "MERGE_MSG",           "MERGE_RR",
    "AUTO_MERGE",   "MERGE_AUTOSTASH", "CHERRY_PICK_HEAD",    "REVERT_HEAD",
    "REBASE_HEAD",  "SQUASH_MSG",      "BISECT_LOG",          "BISECT_START",
    "BISECT_TERMS", "BISECT_NAMES",    "BISECT_EXPECTED_REV", "BISECT_ANCESTORS_OK",
    "ORIG_HEAD",    "FETCH_HEAD",      "COMMIT_EDITMSG",      "TAG_EDITMSG",
    "rebase-merge", "rebase-apply",    "sequencer",           "refs",
    "logs/HEAD"};

constexpr std::chrono::milliseconds a_moment(10);

void forget_unfinished_business(const git::Repository& repository,
                                const std::string& admin_folder) {
  const Fd folder(::open(admin_folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (const char* name : unfinished_business) {
    if (!exists(join_path(admin_folder, name))) continue;
    if (::unlinkat(folder.get(), name, 0) != 0) remove_folder(repository, folder.get(), name);
  }
}

git::LockNote note_locks(const git::Repository& repository, const Slot& slot) {
  const std::string& admin = slot.admin_folder;
  return {repository,
          {admin + "/index.lock", admin + "/HEAD.lock", admin + "/ORIG_HEAD.lock",
           fmt::format("{}/refs/heads/{}.lock", repository.common_dir(), slot.claim->branch)}};
}

/// git with what filters say on standard error handed on.
void fill_with(const SlotFolder& folder, std::vector<std::string> words,
               const std::function<void(const std::string&)>& report) {
  const Slot& slot = folder.slot();
  const auto outcome = folder.git(std::move(words), git::command_to_fill());
  if (!outcome.ok())
    throw git::complaint(fmt::format("cannot check out '{}' in '{}'",
                                     text::printable(slot.claim->branch), slot.path),
                         outcome);
  for (const std::string& line : git::error_lines(outcome)) report(line);
}

bool is_on_its_branch(const Slot& slot) {
  return slot.branch == slot.claim->branch && !slot.detached;
}

std::string start_without_hooks(const Claim& claim, int number) {
  const std::string command =
      claim.task.empty()
          ? fmt::format("git wave worker add {} {}", number, text::shell_quote(claim.branch))
          : fmt::format("git task start {}/{}", claim.session, claim.task);
  return fmt::format("to go on without hooks, run: {} --no-hooks", command);
}

/// As after `git worktree add`: once all files are there, and nothing else is. Returns what to tell
/// if it failed.
std::optional<std::string> tell_post_checkout(const git::Repository& repository,
                                              const git::Config& config, const SlotFolder& folder) {
  const Slot& slot = folder.slot();
  const auto tip = git::read_ref(repository, "refs/heads/" + slot.claim->branch);
  const auto failure =
      git::run_post_checkout(repository, config, folder.fd(), tip.value_or(git::Oid{}));
  if (!failure) return std::nullopt;
  return fmt::format("{}; '{}' is checked out all the same", *failure, slot.path);
}

bool can_recycle(const SlotFolder& folder) {
  const std::string& admin = folder.slot().admin_folder;
  // Settings of its own (sparse checkout) and submodules: a fresh worktree would start without
  // them.
  for (const char* own : {"config.worktree", "info", "modules", "index.lock", "locked"}) {
    if (exists(join_path(admin, own))) return false;
  }
  // Entries marked assume-unchanged or skip-worktree: checkout would trust the mark. What stands in
  // the folders of submodules it would leave.
  return special_entries(folder).marked.empty() && !has_filled_submodules(folder);
}

}  // namespace

/// Where another branch was checked out, HEAD goes over last: killed halfway, what stands there is
/// known to be of one of both.
void Slots::check_out(const SlotFolder& folder) const {
  const Slot& slot = folder.slot();
  const git::LockNote locks = note_locks(*repository_, slot);
  if (is_on_its_branch(slot)) return fill_with(folder, git::words_to_fill(), report_);
  const std::string branch = "refs/heads/" + slot.claim->branch;
  fill_with(folder, {"read-tree", "--reset", "-u", "--no-recurse-submodules", branch}, report_);
  folder.git_checked({"symbolic-ref", "-m", "worktree: " + slot.claim->branch, "HEAD", branch});
}

/// Its worktree anew, for the claim that it has.
void Slots::renew(Slot& slot) const {
  clear_out(slot);
  Claim claim = *slot.claim;
  claim.cut_off.clear();
  const auto held = lock();
  forget(slot);
  add_worktree(at(slot.number), claim);
  slot = at(slot.number);
  slot.claim = claim;
  set_phase(slot, Claim::Phase::filling);
}

/// What cannot be saved stays with whom it was.
std::optional<Look> Slots::save_or_put_back(Slot& slot) const try {
  return save_work(slot, SlotFolder(place_, slot));
} catch (const Error&) {
  put_back(slot, slot.claim_before);
  throw;
}

/// All that somebody may want of it is saved, and nothing has changed since the look that is
/// returned. Where that does not come to an end it is made anew, out of the reach of whoever writes
/// there.
std::optional<Look> Slots::save_for_reuse(Slot& slot) const {
  constexpr int most_looks = 5;
  for (int count = 0; count < most_looks; ++count) {
    auto look = save_or_put_back(slot);
    if (!look) {
      const auto held = lock();
      const Claim claim = *slot.claim;
      add_worktree(at(slot.number), claim);
      slot = at(slot.number);
      slot.claim = claim;
    }
    if (!look || files_changed_since(SlotFolder(place_, slot).fd(), *look).empty()) {
      set_phase(slot, Claim::Phase::filling);
      return look;
    }
    std::this_thread::sleep_for(a_moment);
  }
  renew(slot);
  return std::nullopt;
}

/// False where something came, or changed, since the look, which is still there.
bool Slots::recycle(const SlotFolder& folder, const Look& look) const {
  forget_unfinished_business(*repository_, folder.slot().admin_folder);
  check_out(folder);
  if (has_filled_submodules(folder)) return false;
  // As `git clean` finds it, which would delete what was put there while the files were written.
  const std::string untracked = folder.git_checked(
      {"ls-files", "--others", "-z", keep_ignored_ ? "--exclude-standard" : "--directory"});
  std::vector<std::string> paths;
  for (const std::string_view path : text::split(untracked, '\0')) {
    if (!path.empty()) paths.emplace_back(path);
  }
  return delete_unchanged_in(folder.fd(), paths, look).empty();
}

void Slots::recycle_or_renew(Slot& slot, const Look& look) const {
  try {
    const SlotFolder folder(place_, slot);
    if (can_recycle(folder) && recycle(folder, look)) return;
  } catch (const Error&) {
    // Whatever stands in the way of using it again does not stand in the way of a new one.
    slot.claim->cut_off = slot.claim->branch;
  }
  renew(slot);
  check_out(SlotFolder(place_, slot));
}

void Slots::fill(const Slot& reserved, Hooks hooks) const {
  Slot slot = reserved;
  std::optional<Look> look;
  if (slot.claim->phase == Claim::Phase::saving) look = save_for_reuse(slot);
  try {
    if (look) {
      recycle_or_renew(slot, *look);
    } else {
      check_out(SlotFolder(place_, slot));
    }
  } catch (const Error&) {
    slot.claim->cut_off = slot.claim->branch;  // what git wrote of it is nobody's work
    take_back(slot);
    throw;
  }
  slot.claim->cut_off.clear();
  set_phase(slot, Claim::Phase::filled);
  const SlotFolder folder(place_, slot);
  if (const auto failure = tell_post_checkout(*repository_, *config_, folder)) report_(*failure);
  for (const auto& path : copy_included_files(*repository_, place_, folder)) {
    report_(fmt::format("'{}' was not copied into '{}': git does not ignore it there",
                        text::printable(path), slot.path));
  }
  const int status = hooks == Hooks::skip
                         ? 0
                         : run_hook(*repository_, *config_, "wave-post-create", slot, folder.fd());
  if (status != 0) {
    take_back(slot);
    throw Error(
        ErrorKind::wrong_state,
        fmt::format("the wave-post-create hook failed with exit status {}; '{}' was removed again",
                    status, slot.path),
        Hint{start_without_hooks(*slot.claim, slot.number)});
  }
  set_phase(slot, Claim::Phase::ready);
}

/// A slot that could not be filled is none.
void Slots::take_back(Slot& slot) const {
  clear_out(slot);
  const auto held = lock();
  forget(slot);
}

}  // namespace gitplan
