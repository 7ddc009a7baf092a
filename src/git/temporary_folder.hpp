// A folder for one step, below "<common>/git-plan".
#pragma once

#include <string>

namespace gitplan::git {

class Repository;

/// Made empty, removed with all it holds when destroyed.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const Repository& repository);
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// Removes the temporary folders that killed processes left; one readdir when there are none.
void clear_temporary_folders(const Repository& repository);

/// Moves a folder away at once, whatever it holds, and then removes it; nothing if it is not there.
void discard_folder(const Repository& repository, const std::string& path);

}  // namespace gitplan::git
