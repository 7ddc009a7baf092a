// Giving a slot out: what may be taken, and what stands in the way.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/presence.hpp"
#include "git/repository.hpp"
#include "git/worktrees.hpp"
#include "slots/damage.hpp"
#include "slots/mounts.hpp"
#include "slots/slots.hpp"

namespace gitplan {
namespace {

bool is_being_emptied(const Claim& claim) {
  return claim.phase == Claim::Phase::leaving || claim.phase == Claim::Phase::discarding;
}

[[noreturn]] void refuse_being_made(const Slot& slot) {
  throw Error(
      ErrorKind::lost_race,
      fmt::format("worker {} is being {} by process {}", slot.number,
                  is_being_emptied(*slot.claim) ? "emptied" : "set up", slot.claim->owner.pid),
      Hint{"to see all workers, run: git wave status"});
}

[[noreturn]] void refuse_other_repository(const Slot& slot) {
  throw Error(ErrorKind::wrong_state,
              fmt::format("'{}' is a worktree of another repository", text::printable(slot.path)),
              Hint{fmt::format("to see whose, run: git -C {} rev-parse --git-common-dir",
                               text::shell_quote(slot.absolute_path))})
      .with_code("other_repository");
}

[[noreturn]] void refuse_locked(const Slot& slot) {
  const std::string reason = slot.locked->empty() ? "" : ": " + text::printable(*slot.locked);
  throw Error(ErrorKind::wrong_state,
              fmt::format("'{}' is locked{}", text::printable(slot.path), reason),
              Hint{fmt::format("to unlock it, run: git worktree unlock {}",
                               text::shell_quote(slot.absolute_path))})
      .with_code("worktree_locked");
}

}  // namespace

std::string cut_off_in(const Slot& slot) {
  if (slot.state != Slot::State::half_made) return "";
  if (!slot.claim) return slot.branch;
  const bool was_changing =
      slot.claim->phase == Claim::Phase::filling || slot.claim->phase == Claim::Phase::discarding;
  if (!was_changing) return slot.claim->cut_off;
  return slot.claim->branch.empty() ? "HEAD" : slot.claim->branch;
}

/// What is mounted in a slot is not of the slot, and would be deleted through it.
void Slots::refuse_mounts(const Slot& slot) const {
  if (!slot.has_folder()) return;
  const std::string folder = join_path(join_path(place_.root, place_.folder), slot.folder);
  const auto mounts = mount_points_below(folder);
  if (mounts.empty()) return;
  throw Error(ErrorKind::wrong_state,
              fmt::format("something is mounted in '{}': '{}'", text::printable(slot.path),
                          text::printable(mounts.front())),
              Hint{fmt::format("to unmount it, run: umount {}", text::shell_quote(mounts.front()))})
      .with_code("mounted");
}

void Slots::refuse_untouchable(const Slot& slot) const {
  const bool ours = slot.claim && slot.claim->owner == this_process();
  if (slot.state == Slot::State::making && !ours) refuse_being_made(slot);
  if (slot.state == Slot::State::moved) refuse_moved(slot);
  refuse_damaged(slot, IndexLook::whole);
  if (slot.state == Slot::State::other_repository) refuse_other_repository(slot);
  if (slot.locked) refuse_locked(slot);
  open_beneath(place_.root, path_of(slot.number));  // refuses symbolic links
  refuse_mounts(slot);
}

void Slots::refuse_held_branch(const Slot& slot, const std::string& branch) const {
  const auto holder = git::worktree_of_branch(*repository_, "refs/heads/" + branch);
  if (!holder || holder->admin_folder == slot.admin_folder) return;
  const std::string where = text::printable(holder->path);
  throw Error(ErrorKind::wrong_state,
              fmt::format("branch '{}' is already checked out at '{}'{}", text::printable(branch),
                          where, holder->missing ? ", which is not there now" : ""),
              holder->missing ? Hint{"if it is gone for good, run: git worktree prune"}
                              : Hint{"to see all worktrees, run: git worktree list"});
}

/// What was left out of reach by a command that was killed stands at its place again.
void Slots::bring_back(Slot& slot) const {
  if (!slot.folder.starts_with(leaving_prefix)) return;
  const Fd parent = open_beneath(place_.root, place_.folder);
  const std::string name = slot.folder.substr(leaving_prefix.size());
  if (::renameat2(parent.get(), slot.folder.c_str(), parent.get(), name.c_str(),
                  RENAME_NOREPLACE) != 0) {
    throw Error(ErrorKind::fatal, fmt::format("cannot move '{}' back to '{}': {}", slot.folder,
                                              slot.path, std::strerror(errno)));
  }
  ::unlink(join_path(slot.admin_folder, "locked").c_str());
  slot.folder = name;
}

/// What stands in the place of a slot and is no worktree of ours makes room, saved.
void Slots::oust(const Slot& slot) const {
  if (slot.state != Slot::State::strange) save_without_folder(slot);
  if (slot.has_folder() || slot.folder.starts_with(leaving_prefix)) move_aside(slot);
  forget(slot);
}

Slot Slots::reserve(int number, Claim claim) const {
  Slot slot = at(number);
  make_folders(place_.root);
  refuse_held_branch(slot, claim.branch);
  refuse_untouchable(slot);
  if (slot.is_worktree()) {
    bring_back(slot);
  } else if (slot.state != Slot::State::absent) {
    oust(slot);
    slot = at(number);
  }
  claim.owner = git::announced_process(*repository_);
  claim.cut_off = cut_off_in(slot);
  if (slot.state == Slot::State::absent) {
    claim.phase = Claim::Phase::filling;
    add_worktree(slot, claim);
    slot = at(number);
  } else {
    claim.phase = Claim::Phase::saving;
  }
  slot.claim_before = std::exchange(slot.claim, std::move(claim));
  write_claim(slot.admin_folder, *slot.claim);
  return slot;
}

}  // namespace gitplan
