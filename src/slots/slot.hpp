// A worker's slot: the number N, its worktree `.worktrees/worker-N`, and the claim that its git
// folder keeps.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "git/oid.hpp"

namespace gitplan {

/// Who a slot works for, written into the worktree's own git folder
/// ("<common>/worktrees/<id>/git-plan-slot"), so that it holds whatever is checked out there.
struct Claim {
  /// How far the slot is. A dead owner's `saving` or `filling` slot is half made, and finished or
  /// emptied by the next one.
  enum class Phase {
    saving,      ///< earlier content may still stand in it unsaved
    filling,     ///< what stands in it is ours, and incomplete
    ready,       ///< handed over to its worker
    discarding,  ///< what stands in it is saved, and it is about to go
  };
  std::string session;  ///< empty: no task, only a branch that somebody put there
  std::string task;     ///< id
  std::string branch;   ///< short name
  Seconds since = 0;
  ProcessIdentity owner;  ///< who fills it
  Phase phase = Phase::saving;
};

struct Slot {
  int number = 0;
  std::string path;  ///< as users see it: ".worktrees/worker-1"
  std::string absolute_path;
  std::string
      admin_folder;  ///< its git folder, "<common>/worktrees/<id>"; empty: it is no worktree
  std::string
      branch;  ///< short name of what is checked out (or being rebased); empty: detached or none
  std::optional<git::Oid> detached;
  std::optional<Claim> claim;
  bool folder_exists = false;  ///< something stands at its path
  bool has_index = false;      ///< it was checked out once

  [[nodiscard]] bool is_absent() const { return !folder_exists && admin_folder.empty(); }
  /// Somebody is filling it right now.
  [[nodiscard]] bool is_being_made() const;
  /// Left by a killed command before it was handed over.
  [[nodiscard]] bool is_half_made() const;
  /// What a killed command left in it is ours and incomplete: nobody has worked there.
  [[nodiscard]] bool holds_nothing_yet() const;
  /// A folder that is no worktree of this repository, or a worktree without its folder.
  [[nodiscard]] bool is_broken() const { return folder_exists == admin_folder.empty(); }
};

std::string encode(const Claim& claim);
std::optional<Claim> decode_claim(std::string_view text);

/// The claim of a worktree's git folder, if it has one that can be read.
std::optional<Claim> read_claim(const std::string& admin_folder);
void write_claim(const std::string& admin_folder, const Claim& claim);

}  // namespace gitplan
