// A slot's folder, opened so that no symbolic link and no lost .git can lead a command anywhere
// else.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/fd.hpp"
#include "git/process.hpp"
#include "slots/slot.hpp"

namespace gitplan::git {
class Config;
class Repository;
}  // namespace gitplan::git

namespace gitplan {

/// Where the slots of a repository stand.
struct SlotsPlace {
  std::string
      root;  ///< absolute folder that is trusted, links in it included: the main worktree's top
  std::string folder;  ///< below it: ".worktrees"; no ".." and no link allowed
  std::string shown;   ///< the same folder as users see it: as configured, from base_folder();
                       ///< absolute if the repository is bare and the command was called elsewhere
  std::optional<std::string>
      in_main;  ///< the same from the main worktree's top, if it stands there
};

/// Reads wave.worktreeDir. Throws Error(fatal) for a folder that cannot hold slots.
SlotsPlace find_slots_place(const git::Repository& repository, const git::Config& config);

/// Opens `relative` below the trusted root, component by component, following no link. Nothing if
/// it does not exist. Throws Error(fatal) for a symbolic link, or something that is no folder, on
/// the way.
Fd open_beneath(const std::string& root, const std::string& relative);

/// Error(wrong_state) for a slot whose repository stands elsewhere by now.
[[noreturn]] void refuse_moved(const Slot& slot);

/// A slot whose folder is known to be the worktree that git has recorded, held open while it is
/// worked on.
class SlotFolder {
 public:
  /// Throws Error(wrong_state) if the folder is no worktree any more (its .git is gone, or leads
  /// elsewhere).
  SlotFolder(const SlotsPlace& place, Slot slot);

  /// git with this worktree and no other, whatever stands at its path by now.
  [[nodiscard]] git::Outcome git(std::vector<std::string> arguments,
                                 git::Command command = {}) const;
  /// git that must succeed; throws Error(fatal).
  std::string git_checked(std::vector<std::string> arguments, git::Command command = {}) const;

  [[nodiscard]] const Slot& slot() const { return slot_; }
  /// Absolute: where it stands now, which is not the slot's place while that is emptied.
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  [[nodiscard]] git::Command prepared(std::vector<std::string> arguments,
                                      git::Command command) const;
  Slot slot_;
  std::string path_;
  Fd fd_;
};

/// Whom the .git of the open folder names. `admin_folder`: the git folder of the worktree that git
/// has a record of at this place; empty if there is none.
SlotFacts::DotGit named_by_dot_git(int folder_fd, const std::string& admin_folder);

}  // namespace gitplan
