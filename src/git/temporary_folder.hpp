// A folder for one step, below "<common>/git-plan".
#pragma once

#include <string>

namespace gitplan::git {

class Repository;

/// Made empty, removed with all it holds when destroyed. What killed processes left is removed when
/// the next one is made.
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

/// Moves a folder away at once, whatever it holds, and then removes it; nothing if it is not there.
void discard_folder(const Repository& repository, const std::string& path);

}  // namespace gitplan::git
