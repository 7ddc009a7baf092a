#include "slots/unseen_work.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/index_marks.hpp"
#include "slots/list_folder.hpp"

namespace gitplan {
namespace {

namespace fs = std::filesystem;

/// The index as it stands; nothing where there is none.
std::optional<std::string> index_of(const Slot& slot) {
  constexpr std::size_t most_bytes = std::size_t{2} << 30U;
  return read_file(slot.admin_folder + "/index", most_bytes);
}

/// The tag of `ls-files -v`: S is skip-worktree, a small letter assume-unchanged.
bool is_marked(std::string_view entry) {
  return entry.size() > 2 &&
         (entry.front() == 'S' || (entry.front() >= 'a' && entry.front() <= 'z'));
}

/// git for the repository whose top folder this is, and no other; nothing of its config runs.
git::Outcome ask(const std::string& top, std::vector<std::string> words) {
  git::Command command;
  command.folder = top;
  command.arguments = {"--git-dir=" + top + "/.git", "--work-tree=" + top, "-c",
                       "core.fsmonitor=false"};
  command.arguments.insert(command.arguments.end(), words.begin(), words.end());
  command.environment.emplace_back("GIT_OPTIONAL_LOCKS", "0");
  return git::run_git(command);
}

/// True where anything would be lost with it. A .git that git does not take for a repository is
/// none: packages have such things among their tests.
bool has_work(const std::string& top) {
  if (!ask(top, {"rev-parse", "--git-dir"}).ok()) return false;
  const auto commits = ask(top, {"rev-list", "--max-count=1", "--all", "--not", "--remotes"});
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

/// What stands in a folder, .git apart.
struct Listing {
  std::vector<std::string> folders;
  bool has_git = false;
};

Listing list(const std::string& path) {
  Listing listing;
  const Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  for (FolderEntry& entry : list_folder(fd.get())) {
    if (entry.name == ".git") {
      listing.has_git = true;
      continue;
    }
    if (entry.is_folder) listing.folders.push_back(std::move(entry.name));
  }
  return listing;
}

/// The oids that lines of a file begin with; none where there is no such file.
void add_oids(const std::string& path, std::vector<git::Oid>& oids) {
  constexpr std::size_t most_bytes = 1U << 20U;
  constexpr std::size_t oid_size = 40;
  try {
    const std::string content = read_file(path, most_bytes).value_or("");
    for (const std::string_view line : text::split(content, '\n')) {
      if (const auto oid = git::Oid::parse(line.substr(0, oid_size))) oids.push_back(*oid);
    }
  } catch (const Error&) {
    return;  // a folder, or a link: nothing that git writes there
  }
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

std::vector<std::string> hidden_repositories(const SlotFolder& folder) {
  const std::string top = folder.path();
  std::vector<std::string> found;
  std::vector<std::string> waiting{top};
  while (!waiting.empty()) {
    const std::string path = std::move(waiting.back());
    waiting.pop_back();
    const Listing listing = list(path);
    const bool is_repository = path != top && listing.has_git;
    if (is_repository && !is_own_submodule(path, folder.slot()) && has_work(path)) {
      found.push_back(path.substr(top.size() + 1) + "/");
      continue;
    }
    for (const std::string& name : listing.folders) waiting.push_back(join_path(path, name));
  }
  return found;
}

std::vector<git::Oid> commits_of_git_folder(const Slot& slot) {
  std::vector<git::Oid> oids;
  for (const char* name : {"MERGE_AUTOSTASH", "rebase-merge/autostash", "rebase-apply/autostash",
                           "ORIG_HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD",
                           "REBASE_HEAD", "rebase-merge/orig-head", "rebase-apply/orig-head"}) {
    add_oids(join_path(slot.admin_folder, name), oids);
  }
  std::error_code error;
  for (fs::recursive_directory_iterator entry(slot.admin_folder + "/refs", error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    add_oids(entry->path().string(), oids);
  }
  return oids;
}

}  // namespace gitplan
