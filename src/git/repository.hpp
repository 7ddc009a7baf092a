// The repository that a command works on. Opening it reads no config that git would not read, and
// judges what libgit2 cannot open (SHA-256, reftable) by name.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct git_repository;

namespace gitplan::git {

class Repository {
 public:
  /// From $GIT_DIR or the current folder upward, as git does ($GIT_CEILING_DIRECTORIES,
  /// safe.directory, worktreeConfig, partial clones). Throws Error(fatal): no repository (with
  /// hint), unsupported format (named), foreign owner (hint: the `git config --global --add
  /// safe.directory` command).
  static Repository discover();
  /// Opens the repository whose git folder this is. For tests and for other worktrees.
  static Repository open(const std::string& git_dir);

  Repository(Repository&&) noexcept;
  Repository& operator=(Repository&&) noexcept;
  ~Repository();

  /// Absolute, of this worktree, no slash at the end; the common one after leave_lost_worktree.
  [[nodiscard]] const std::string& git_dir() const;
  [[nodiscard]] const std::string& common_dir() const;  ///< absolute, shared by all worktrees
  [[nodiscard]] bool is_bare() const;
  /// Absolute top of the worktree that the command was called in; nothing in a bare repository or
  /// inside a git folder.
  [[nodiscard]] const std::optional<std::string>& worktree() const;
  /// Absolute top of the main worktree; nothing if the repository is bare, or nothing here tells
  /// where it stands (a separate git folder, and the command called from a worktree elsewhere).
  [[nodiscard]] const std::optional<std::string>& main_worktree() const;
  /// Where relative paths such as ".worktrees" start: the main worktree, else the folder that has
  /// the bare repository as its .git, or a .git that names it, else the common folder.
  [[nodiscard]] const std::string& base_folder() const;

  /// For this room only.
  [[nodiscard]] git_repository* handle() const;
  struct State;
  [[nodiscard]] State& state() const;

 private:
  explicit Repository(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Goes on in the common folder, the current folder too, if the worktree that the command was
/// called in is gone: it may be the one that the command was to remove.
void leave_lost_worktree(const Repository& repository);

}  // namespace gitplan::git
