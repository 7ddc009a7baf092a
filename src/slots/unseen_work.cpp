#include "slots/unseen_work.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/gitfile.hpp"
#include "slots/git_folder_work.hpp"
#include "slots/look.hpp"

namespace gitplan {
namespace {

constexpr std::size_t most_index_bytes = std::size_t{2} << 30U;

/// Where no index is: all is untracked by it.
constexpr const char* no_index = "/index.none";

/// The index as it stands; nothing where there is none.
std::optional<std::string> index_of(const Slot& slot) {
  return read_file(slot.admin_folder + "/index", most_index_bytes);
}

/// The tag of `ls-files -v`: S is skip-worktree, a small letter assume-unchanged.
bool is_marked(std::string_view entry) {
  return entry.size() > 2 &&
         (entry.front() == 'S' || (entry.front() >= 'a' && entry.front() <= 'z'));
}

/// git for the repository whose top folder this is, and no other; nothing of its config runs.
git::Outcome ask(const std::string& top, std::vector<std::string> words,
                 std::string_view input = {}) {
  git::Command command;
  command.input = input;
  command.folder = top;
  command.arguments = {"--git-dir=" + top + "/.git", "--work-tree=" + top, "-c",
                       "core.fsmonitor=false"};
  command.arguments.insert(command.arguments.end(), words.begin(), words.end());
  command.environment.emplace_back("GIT_OPTIONAL_LOCKS", "0");
  return git::run_git(command);
}

/// What stands in a .git that git does not take for a repository: one of a form that this git does
/// not know has objects; packages have such things among their tests, which are ignored with them.
bool has_strange_content(const SlotFolder& folder, const std::string& top) {
  const std::string dot_git = top + "/.git";
  if (exists(dot_git + "/objects")) return true;
  std::error_code error;
  if (std::filesystem::is_empty(dot_git, error) || is_symlink(dot_git)) return false;
  const Fd fd(::open(top.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (git::read_gitfile_in(fd.get())) return false;  // names a repository that is not there
  return folder.git({"check-ignore", "--quiet", "--", top.substr(folder.path().size() + 1)})
             .exit_status != 0;
}

/// Worktrees elsewhere need it; or its owner said that it is not to go.
bool is_needed(const std::string& git_folder) {
  return exists(git_folder + "/worktrees") || exists(git_folder + "/locked");
}

/// True where anything would be lost with a repository that stands at .git.
bool has_work(const SlotFolder& folder, const std::string& top) {
  const auto git_folder = ask(top, {"rev-parse", "--absolute-git-dir"});
  if (!git_folder.ok()) return has_strange_content(folder, top);
  const std::string place(text::trim(git_folder.output));
  if (has_marks(place) || has_notes(place) || is_needed(place)) return true;
  std::string others;
  for (const git::Oid& oid : oids_of_git_folder(place)) others += oid.hex() + '\n';
  const auto commits = ask(top,
                           {"rev-list", "--max-count=1", "--all", "--reflog", "--ignore-missing",
                            "--stdin", "--not", "--remotes"},
                           others);
  const auto detached = ask(top, {"rev-list", "--max-count=1", "HEAD", "--not", "--remotes"});
  if (!commits.ok() || !commits.output.empty() || (detached.ok() && !detached.output.empty()))
    return true;
  const auto status =
      ask(top, {"status", "--porcelain", "--untracked-files=all", "--ignore-submodules=none"});
  return !status.ok() || !status.output.empty();
}

/// The same of a git folder that stands there by itself: bare, a submodule's of a repository, or
/// that of a work tree elsewhere, whose index it has.
bool has_work_of_its_own(const std::string& git_folder) {
  const bool has_work_tree = git_folder.find("/.git/") == std::string::npos;
  if (has_work_tree && exists(git_folder + "/index")) return true;
  return is_needed(git_folder) || has_own_commits(git_folder);
}

std::string path_in(const SlotFolder& folder, const std::string& path) {
  return join_path(folder.path(), path);
}

/// In the slot, or the repository that it stands in: as an example, say, it is no more than its
/// files.
bool is_tracked(const SlotFolder& folder, const std::string& around, const std::string& path) {
  const std::vector<std::string> words = {"ls-files", "--error-unmatch", "--",
                                          ":(top,literal)" + path.substr(around.size()) + "HEAD"};
  const auto outcome = around.empty() ? folder.git(words) : ask(path_in(folder, around), words);
  return outcome.ok();
}

/// Of repositories, outer ones first, the innermost around a path that has a work tree.
std::string repository_around(const SlotFolder& folder, const std::vector<std::string>& all,
                              const std::string& path) {
  const auto found = std::find_if(all.rbegin(), all.rend(), [&](const std::string& one) {
    return one.size() < path.size() && path.starts_with(one) &&
           exists(path_in(folder, one) + ".git");
  });
  return found == all.rend() ? "" : *found;
}

bool has_any_work(const SlotFolder& folder, const Look& look, const std::string& path) {
  const std::string top = path_in(folder, path.substr(0, path.size() - 1));
  if (exists(top + "/.git")) return has_work(folder, top);
  const std::string around = repository_around(folder, look.repositories(), path);
  return !is_tracked(folder, around, path) && has_work_of_its_own(top);
}

bool is_filled(const SlotFolder& folder, const std::string& submodule) {
  std::error_code error;
  const std::string path = path_in(folder, submodule);
  return std::filesystem::is_directory(std::filesystem::symlink_status(path, error)) &&
         !std::filesystem::is_empty(path, error);
}

git::SpecialEntries ask_for_special_entries(const SlotFolder& folder) {
  constexpr std::string_view submodule = "160000 ";
  git::SpecialEntries special;
  const std::string tags = folder.git_checked({"ls-files", "-v", "-z"});
  for (const std::string_view entry : text::split(tags, '\0')) {
    if (is_marked(entry)) special.marked.emplace_back(entry.substr(2));
  }
  const std::string entries = folder.git_checked({"ls-files", "--stage", "-z"});
  for (const std::string_view entry : text::split(entries, '\0')) {
    if (entry.starts_with(submodule))
      special.submodules.emplace_back(entry.substr(entry.find('\t') + 1));
  }
  return special;
}

}  // namespace

git::SpecialEntries special_entries(const SlotFolder& folder) {
  const auto index = index_of(folder.slot());
  if (!index) return {};
  if (auto known = git::special_in_index(*index)) return *std::move(known);
  return ask_for_special_entries(folder);
}

std::vector<std::string> marked_files(const SlotFolder& folder) {
  std::vector<std::string> marked = special_entries(folder).marked;
  std::erase_if(marked, [&](const std::string& path) {
    struct stat info {};
    return ::fstatat(folder.fd(), path.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0;
  });
  return marked;
}

std::vector<std::string> unpopulated_submodules(const SlotFolder& folder) {
  std::vector<std::string> found = special_entries(folder).submodules;
  std::erase_if(found, [&](const std::string& submodule) {
    if (!is_filled(folder, submodule)) return true;
    const std::string repository = git::git_folder_of(path_in(folder, submodule));
    return !repository.empty() && exists(repository + "/HEAD");
  });
  return found;
}

std::vector<std::string> files_in_submodules(const SlotFolder& folder) {
  const std::vector<std::string> submodules = unpopulated_submodules(folder);
  if (submodules.empty()) return {};
  git::Command command;
  command.environment.emplace_back("GIT_INDEX_FILE", folder.slot().admin_folder + no_index);
  std::vector<std::string> words = {"--literal-pathspecs", "ls-files", "--others",
                                    "--exclude-standard",  "-z",       "--"};
  words.insert(words.end(), submodules.begin(), submodules.end());
  const std::string listed = folder.git_checked(std::move(words), std::move(command));
  std::vector<std::string> files;
  for (const std::string_view path : text::split(listed, '\0')) {
    if (!path.empty()) files.emplace_back(path);
  }
  return files;
}

bool has_filled_submodules(const SlotFolder& folder) {
  const auto submodules = special_entries(folder).submodules;
  return std::any_of(submodules.begin(), submodules.end(),
                     [&](const std::string& path) { return is_filled(folder, path); });
}

std::vector<std::string> hidden_repositories(const SlotFolder& folder, const Look& look) {
  std::vector<std::string> found;
  for (const std::string& path : look.repositories()) {
    if (!found.empty() && path.starts_with(found.back())) continue;
    if (has_any_work(folder, look, path)) found.push_back(path);
  }
  return found;
}

bool has_marks(const std::string& git_folder) {
  const auto index = read_file(join_path(git_folder, "index"), most_index_bytes);
  if (!index) return false;
  const auto special = git::special_in_index(*index);
  return !special || !special->marked.empty();
}

std::string ignores_case(const SlotFolder& folder) {
  struct stat lower {};
  struct stat upper {};
  const bool has_both = ::fstatat(folder.fd(), ".git", &lower, AT_SYMLINK_NOFOLLOW) == 0 &&
                        ::fstatat(folder.fd(), ".GIT", &upper, AT_SYMLINK_NOFOLLOW) == 0;
  const bool same = has_both && lower.st_dev == upper.st_dev && lower.st_ino == upper.st_ino;
  return same ? "true" : "false";
}

}  // namespace gitplan
