// Worker slots: made, filled, replaced, removed. Nothing in one is ever lost: what it holds is
// rescued first.
//
// A slot is given out in two steps: `reserve` under lock() (short: who has which slot and branch),
// then `fill` outside it (long: the checkout). A command killed anywhere leaves a slot
// half made, which the next `reserve` takes over.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "git/lock.hpp"
#include "slots/hooks.hpp"
#include "slots/rescue.hpp"
#include "slots/slot.hpp"
#include "slots/slot_folder.hpp"

namespace gitplan::git {
class Config;
class Repository;
struct Worktree;
}  // namespace gitplan::git

namespace gitplan {

class Look;

/// What a slot operation tells its user, a line each: rescued work, folders moved aside.
using Report = std::function<void(const std::string& line)>;
/// What `git worktree lock` says while a slot is emptied, so that no `git worktree prune` of the
/// user's takes its git folder, and how its folder is called then.
inline constexpr std::string_view leaving_reason = "git wave is emptying it";
inline const std::string leaving_prefix = "leaving-";

using NameSlotRescueRef = std::function<std::string(int worker, int count)>;

/// The branch whose checkout, or removal, was cut off in a half-made slot: files that are as in it,
/// or as in HEAD, are nobody's work. Empty: none was.
std::string cut_off_in(const Slot& slot);

/// The N of "worker-N".
std::optional<int> slot_number(std::string_view name);

class Slots {
 public:
  /// Reads wave.worktreeDir and wave.keepIgnored. Throws Error(fatal) if the folder is a symbolic
  /// link.
  Slots(const git::Repository& repository, const git::Config& config, NameSlotRescueRef name_ref,
        Report report);

  /// Every slot that exists in any form, by number. Reads only; quick (admin folders, one folder
  /// listing).
  [[nodiscard]] std::vector<Slot> list() const;
  /// Those that are worktrees of ours: the admin folders alone are read.
  [[nodiscard]] std::vector<Slot> worktrees() const;
  /// The same, from a listing that is there already.
  [[nodiscard]] std::vector<Slot> among(std::span<const git::Worktree> worktrees) const;
  /// Every other linked worktree that is there, numbered 0: one that was a slot before somebody
  /// moved it still has its claim, and its worker.
  [[nodiscard]] std::vector<Slot> elsewhere(std::span<const git::Worktree> worktrees) const;
  /// One slot, as it is.
  [[nodiscard]] Slot at(int number) const;
  /// The lowest number, from 1, where nothing stands.
  [[nodiscard]] int lowest_free(std::set<int> taken = {}) const;

  /// Held while slots and task branches are given out.
  [[nodiscard]] git::NamedLock lock() const;

  /// Under lock(): makes the slot's worktree for the claim's branch, without files, or takes over
  /// the one that is there; the claim is written. A branch checked out elsewhere throws
  /// Error(wrong_state) that names where. Nothing that the slot holds is touched yet.
  [[nodiscard]] Slot reserve(int number, Claim claim) const;
  /// Outside lock(): rescues what an earlier use left, checks the branch out, cleans, copies
  /// .worktreeinclude files, runs wave-post-create, and marks the slot ready. If the hook fails,
  /// the slot is removed again: Error(wrong_state).
  void fill(const Slot& reserved, Hooks hooks) const;
  /// Rescues and removes; one that somebody else removed meanwhile, or gave to another task, is
  /// left. A slot that is another repository, or holds one, is moved aside. A failing
  /// wave-pre-remove, and a worktree that is locked, moved or another repository's, throws
  /// Error(wrong_state). Not under lock(): hooks run, and folders are deleted.
  void remove(const Slot& as_seen, Hooks hooks) const;
  /// Forgets the worktrees that killed commands were just adding; one readdir when there are none.
  void clear_half_added() const;
  /// Uncommitted or untracked work in it, wherever it stands. False where there is no worktree;
  /// throws Error(wrong_state) where it lost its .git or was moved.
  [[nodiscard]] bool dirty(const Slot& slot) const;

  [[nodiscard]] const SlotsPlace& place() const { return place_; }

 private:
  [[nodiscard]] Slot describe(int number, const std::string& admin_folder) const;
  [[nodiscard]] std::optional<int> number_of(const git::Worktree& worktree) const;
  [[nodiscard]] SlotFacts::DotGit dot_git_of(const std::string& folder,
                                             const std::string& admin_folder) const;
  /// Below place().root.
  [[nodiscard]] std::string path_of(int number) const;

  // --- reserve.cpp ---
  void refuse_untouchable(const Slot& slot) const;
  void refuse_mounts(const Slot& slot) const;
  void refuse_held_branch(const Slot& slot, const std::string& branch) const;
  void oust(const Slot& slot) const;
  void bring_back(Slot& slot) const;

  // --- add_worktree.cpp: its folder with nothing but .git in it, and its git folder with the claim
  void add_worktree(const Slot& slot, Claim claim) const;
  void add_with_git(const Slot& slot, const std::string& branch) const;
  void forget_half_added(int number) const;

  // --- fill.cpp ---
  std::optional<Look> save_for_reuse(Slot& slot) const;
  void check_out(const SlotFolder& folder) const;
  void recycle_or_renew(Slot& slot, const Look& look) const;
  bool recycle(const SlotFolder& folder, const Look& look) const;
  void renew(Slot& slot) const;
  void take_back(Slot& slot) const;

  // --- remove.cpp ---
  /// The look whose every file is saved, or nobody's to miss; none: it holds what no commit can,
  /// such as a repository, and was moved aside, where it lives on.
  std::optional<Look> save_work(Slot& slot, const SlotFolder& folder) const;
  std::optional<Look> save_or_put_back(Slot& slot) const;
  std::optional<Look> save_all(Slot& slot) const;
  void save_without_folder(const Slot& slot) const;
  void tell(const std::vector<Rescued>& saved, const Slot& slot) const;
  /// Out of reach, saved, deleted. Its git folder stays, with a claim that says `discarding`.
  void clear_out(Slot& slot) const;
  void put_back(Slot& slot, const std::optional<Claim>& claim) const;
  void run_pre_remove_hook(const Slot& slot) const;
  void keep_submodules(const Slot& slot) const;
  void move_aside(const Slot& slot) const;
  void live_on_aside(const Slot& slot, const std::string& aside) const;
  void repair_inner_worktrees(const Slot& slot, const std::string& aside) const;
  void keep_aside(const Slot& slot, std::size_t files) const;
  void move_out_of_reach(Slot& slot) const;
  /// Under lock(): its git folder goes.
  void forget(const Slot& slot) const;

  const git::Repository* repository_;
  const git::Config* config_;
  NameSlotRescueRef name_ref_;
  Report report_;
  SlotsPlace place_;
  bool keep_ignored_ = false;
};

}  // namespace gitplan
