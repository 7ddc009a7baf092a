// Finding the git folder, as git does: $GIT_DIR, or from the current folder upward.
#pragma once

#include <optional>
#include <string>

namespace gitplan::git {

struct GitFolder {
  enum class Found {
    by_variable,  ///< $GIT_DIR names it
    by_dot_git,   ///< `top` holds a .git folder or file
    from_inside,  ///< the search started in it: a bare repository, or inside .git
  };
  Found found = Found::by_dot_git;
  std::string git_dir;                 ///< absolute, links resolved
  std::string common_dir;              ///< absolute, links resolved
  std::string top;                     ///< of by_dot_git
  std::optional<std::string> gitfile;  ///< the .git file that names `git_dir`
};

/// Throws Error(fatal) if there is none; honours $GIT_CEILING_DIRECTORIES,
/// $GIT_DISCOVERY_ACROSS_FILESYSTEM and $GIT_COMMON_DIR.
GitFolder find_git_folder();

/// The git folder at exactly this path (or that the .git file there names); no variables.
GitFolder git_folder_at(const std::string& path);

/// Absolute and without links where it exists; `path` may be relative to `base`.
std::string resolve(const std::string& base, const std::string& path);

/// The current folder, absolute. Throws Error(fatal).
std::string current_folder();

/// The folder above ("/" above "/a").
std::string parent_folder(const std::string& path);

/// The variable, if it is set and not empty.
std::optional<std::string> environment(const char* name);

}  // namespace gitplan::git
