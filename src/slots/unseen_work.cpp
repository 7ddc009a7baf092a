#include "slots/unseen_work.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/gitfile.hpp"
#include "git/index_marks.hpp"
#include "slots/git_folder_work.hpp"
#include "slots/look.hpp"

namespace gitplan {
namespace {

constexpr std::size_t most_index_bytes = std::size_t{2} << 30U;

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

/// True where anything would be lost with it.
bool has_work(const SlotFolder& folder, const std::string& top) {
  const auto git_folder = ask(top, {"rev-parse", "--absolute-git-dir"});
  if (!git_folder.ok()) return has_strange_content(folder, top);
  const std::string place(text::trim(git_folder.output));
  if (has_marks(place) || has_notes(place) || exists(place + "/worktrees")) return true;
  std::string others;
  for (const git::Oid& oid : oids_of_git_folder(place)) others += oid.hex() + '\n';
  const auto commits = ask(top,
                           {"rev-list", "--max-count=1", "--all", "--reflog", "--ignore-missing",
                            "--stdin", "--not", "--remotes"},
                           others);
  const auto detached = ask(top, {"rev-list", "--max-count=1", "HEAD", "--not", "--remotes"});
  if (!commits.ok() || !commits.output.empty() || (detached.ok() && !detached.output.empty()))
    return true;
  const auto status = ask(top, {"status", "--porcelain", "--untracked-files=all"});
  return !status.ok() || !status.output.empty();
}

/// A submodule of the slot, whose git folder is the slot's, is looked at elsewhere.
bool is_own_submodule(const std::string& top, const Slot& slot) {
  const auto git_folder = ask(top, {"rev-parse", "--absolute-git-dir"});
  return git_folder.output.starts_with(slot.admin_folder + "/modules/");
}

}  // namespace

std::vector<std::string> marked_entries(const SlotFolder& folder) {
  const auto index = index_of(folder.slot());
  if (!index) return {};
  if (auto known = git::marked_in_index(*index)) return *std::move(known);
  std::vector<std::string> marked;
  const std::string entries = folder.git_checked({"ls-files", "-v", "-z"});
  for (const std::string_view entry : text::split(entries, '\0')) {
    if (is_marked(entry)) marked.emplace_back(entry.substr(2));
  }
  return marked;
}

std::vector<std::string> marked_files(const SlotFolder& folder) {
  std::vector<std::string> marked = marked_entries(folder);
  std::erase_if(marked, [&](const std::string& path) {
    struct stat info {};
    return ::fstatat(folder.fd(), path.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0;
  });
  return marked;
}

std::vector<std::string> hidden_repositories(const SlotFolder& folder, const Look& look) {
  std::vector<std::string> found;
  for (const std::string& path : look.repositories()) {
    const std::string top = join_path(folder.path(), path.substr(0, path.size() - 1));
    if (!found.empty() && path.starts_with(found.back())) continue;
    if (!is_own_submodule(top, folder.slot()) && has_work(folder, top)) found.push_back(path);
  }
  return found;
}

bool has_marks(const std::string& git_folder) {
  const auto index = read_file(join_path(git_folder, "index"), most_index_bytes);
  if (!index) return false;
  const auto marked = git::marked_in_index(*index);
  return !marked || !marked->empty();
}

std::string ignores_case(const SlotFolder& folder) {
  return ::faccessat(folder.fd(), ".GIT", F_OK, AT_SYMLINK_NOFOLLOW) == 0 ? "true" : "false";
}

}  // namespace gitplan
