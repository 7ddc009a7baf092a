// What stands at a path of a work tree, looked at without following any symbolic link on the way.
#pragma once

#include <sys/stat.h>

#include <string>

#include "base/fd.hpp"

namespace gitplan::git {

/// A path below a top folder, by the descriptor of the folder that holds it.
class WorkFile {
 public:
  enum class Kind {
    missing,  ///< and the folders on the way are folders, as far as they exist
    file,
    link,
    folder,
    other,
    unreachable,  ///< something on the way is no folder
  };

  WorkFile(const std::string& top, const std::string& path);

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] bool is_executable() const { return (status_.st_mode & S_IXUSR) != 0; }
  [[nodiscard]] Fd open_to_read() const;  ///< of a file
  [[nodiscard]] std::string link_target() const;
  bool remove() const;  ///< true if it is gone: a file, a link, or an empty folder

 private:
  Fd folder_;
  std::string name_;
  Kind kind_ = Kind::missing;
  struct stat status_ {};
};

enum class Likeness {
  same,
  begun,  ///< a regular file that holds a strict start of the other's content
  different,
};

/// Is `file` what `example` is: the same kind, content and executable bit?
Likeness compare(const WorkFile& file, const WorkFile& example);

/// Removes the folders on the way to a path that are empty.
void remove_empty_folders_above(const std::string& top, const std::string& path);

}  // namespace gitplan::git
