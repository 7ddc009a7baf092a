// Where the main worktree stands. Git records it nowhere: only its .git leads to the common folder,
// never the reverse.
#pragma once

#include <optional>
#include <string>

namespace gitplan::git {

struct GitFolder;
struct Layout;

/// The top folder whose .git is, leads to or names the common folder, in a bare repository too (a
/// project folder with worktrees in it). Looked for at `here` (a work tree, if the command has one)
/// and above it, above the common folder, and above the worktrees that git has recorded.
std::optional<std::string> find_top(const GitFolder& folder, const std::optional<std::string>& here,
                                    bool is_bare);

/// The main worktree: core.worktree, else the top. Nothing if the repository is bare, or nothing
/// tells where it is.
std::optional<std::string> find_main_worktree(const GitFolder& folder, const Layout& main,
                                              const std::optional<std::string>& top);

}  // namespace gitplan::git
