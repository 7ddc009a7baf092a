// A worker's slot: the number N, its worktree `.worktrees/worker-N`, and the claim that its git
// folder keeps.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/process_identity.hpp"
#include "git/oid.hpp"

namespace gitplan {

/// Who a slot works for, written into the worktree's own git folder
/// ("<common>/worktrees/<id>/git-plan-slot"), so that it holds whatever is checked out there.
struct Claim {
  /// How far the slot is. Anybody may have written in it in any of them; what a killed command left
  /// is told apart from that by what it had begun.
  enum class Phase {
    saving,      ///< what stands in it is somebody's, and not all saved yet
    filling,     ///< a checkout changes what stands in it
    filled,      ///< all files are there; what a fresh worktree gets besides may be missing
    ready,       ///< handed over to its worker
    leaving,     ///< what stands in it is being saved, and shall go: all of it is there
    discarding,  ///< it is saved, and goes
  };
  std::string session;  ///< empty: no task, only a branch that somebody put there
  std::string task;     ///< id
  std::string branch;   ///< short name
  Seconds since = 0;
  ProcessIdentity owner;  ///< who fills it
  Phase phase = Phase::saving;
  /// The branch whose checkout was cut off in it before; empty: none was. Stands until all of the
  /// slot is saved or checked out.
  std::string cut_off;
};

struct Slot {
  /// What a slot is at this moment; every verb decides on it.
  enum class State {
    absent,       ///< nothing stands at its place, and git has no record of it
    making,       ///< a process that may live fills or empties it
    half_made,    ///< a command that was killed left it before it was handed over, or half gone
    handed_over,  ///< its worker has it
    by_hand,      ///< a worktree that nobody made as a slot
    moved,        ///< a worktree whose repository stands elsewhere by now: `git worktree repair`
    folder_gone,  ///< git has a record of it, its folder is not there, or deleted but for itself
    displaced,    ///< something else stands where git has a record of it: it lost its .git
    other_repository,  ///< a worktree of another repository
    strange,           ///< something that is no worktree
  };
  int number = 0;  ///< 0: no slot by its place; see Slots::elsewhere
  State state = State::absent;
  std::string path;  ///< as users see it: ".worktrees/worker-1"
  std::string absolute_path;
  std::string folder;  ///< the name of what stands for it: "worker-1", or "leaving-worker-1" while
                       ///< it is out of everybody's reach
  std::string
      admin_folder;  ///< its git folder, "<common>/worktrees/<id>"; empty: it is no worktree
  std::string
      branch;  ///< short name of what is checked out (or being rebased); empty: detached or none
  std::optional<git::Oid> detached;
  std::optional<Claim> claim;
  std::optional<Claim> claim_before;  ///< of a reserved slot that is not saved yet
  std::optional<std::string> locked;  ///< the reason given to `git worktree lock`; may be empty
  bool has_index = false;             ///< it was checked out once

  /// A worktree of this repository that git can work in.
  [[nodiscard]] bool is_worktree() const;
  /// Something stands at its place.
  [[nodiscard]] bool has_folder() const;
  /// Whoever works for its task is here; else the task may go to another slot.
  [[nodiscard]] bool holds_its_task() const;
};

/// What a slot's state follows from.
struct SlotFacts {
  /// Whom the .git of the folder at its place names.
  enum class DotGit { none, this_worktree, old_place, other_repository };
  bool recorded = false;       ///< git has a worktree at this place
  bool folder_exists = false;  ///< something stands there
  DotGit dot_git = DotGit::none;
  bool has_index = false;
  std::optional<Claim::Phase> phase;  ///< of its claim
  bool owner_may_live = false;        ///< of its claim
};
Slot::State state_of(const SlotFacts& facts);

std::string encode(const Claim& claim);
std::optional<Claim> decode_claim(std::string_view text);

/// The claim of a worktree's git folder, if it has one that can be read.
std::optional<Claim> read_claim(const std::string& admin_folder);
void write_claim(const std::string& admin_folder, const Claim& claim);
void set_phase(Slot& slot, Claim::Phase phase);
void erase_claim(const std::string& admin_folder);

}  // namespace gitplan
