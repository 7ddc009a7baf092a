// The file in which `git plan edit` shows a plan to an editor.
#pragma once

#include <string>

namespace gitplan::git {
class Repository;
}

namespace gitplan::commands {

/// "<common>/plan-edit", where these files stand: beside git's own COMMIT_EDITMSG, not in the state
/// folder, which may be deleted.
std::string edit_folder(const git::Repository& repository);

/// A new file of its own in edit_folder(). Removed in the end, but for a text of the user's.
class EditFile {
 public:
  /// Throws Error(fatal).
  EditFile(const git::Repository& repository, const std::string& session);
  EditFile(const EditFile&) = delete;
  EditFile& operator=(const EditFile&) = delete;
  ~EditFile();

  /// Whole or not at all: where the disk is full, what was there stays. Throws Error(fatal).
  void write(const std::string& content) const;
  /// Empty if it is gone.
  [[nodiscard]] std::string read() const;
  [[nodiscard]] const std::string& path() const { return path_; }

  /// From here on it holds what the user wrote, and stays, until that is committed.
  void keep() { kept_ = true; }
  void discard() { kept_ = false; }
  [[nodiscard]] bool is_kept() const { return kept_; }

 private:
  std::string folder_;
  std::string way_there_;
  std::string path_;
  bool kept_ = false;
};

}  // namespace gitplan::commands
