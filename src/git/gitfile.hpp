// ".git" at the top of a work tree: a folder, a link to one, or a file that names one
// ("gitdir: <path>").
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gitplan::git {

/// The path that a file of git's holds, up to its line ends (and to a NUL, which ends it for git).
std::string_view path_of_line(std::string_view content);

/// The folder that a .git file (or what a link leads to) names, absolute; nothing if `path` is no
/// file. Throws Error(fatal) if the file is no "gitdir: …".
std::optional<std::string> read_gitfile(const std::string& path);

/// The same of "<folder>/.git" of an open folder, where it is a file and no link; nothing if it
/// names none.
std::optional<std::string> read_gitfile_in(int folder_fd);

/// The git folder that "<top>/.git" is, leads to or names; empty if there is none.
std::string git_folder_of(const std::string& top);

/// True if "<top>/.git" is, leads to or names this git folder.
bool has_git_folder(const std::string& top, const std::string& git_folder);

/// A git folder by what stands in it, as git tells one, whatever it is called.
bool is_bare_repository(const std::string& folder);

/// True if both paths lead to one folder, or are the same path.
bool same_folder(const std::string& one, const std::string& other);

}  // namespace gitplan::git
