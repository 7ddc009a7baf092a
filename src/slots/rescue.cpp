#include "slots/rescue.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <tuple>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/complaint.hpp"
#include "git/lock.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "git/repository.hpp"
#include "git/temporary_folder.hpp"
#include "slots/git_folder_work.hpp"
#include "slots/lost_commits.hpp"
#include "slots/own_content.hpp"
#include "slots/staged.hpp"
#include "slots/unseen_work.hpp"

namespace gitplan {
namespace {

constexpr const char* files_of_git_folder = "files of the git folder";

/// An index of our own beside the slot's, so that the slot's stays as it is.
class ScratchIndex {
 public:
  ScratchIndex(const git::Repository& repository, const SlotFolder& folder)
      : folder_(&folder), place_(repository), path_(place_.path() + "/index") {}

  /// Starts from the slot's index (its stat data makes `add` fast), or from a commit's tree; of one
  /// that git took into no checkout, without.
  void start(const std::string& index, const std::string& commit, bool was_cut_off) {
    struct stat info {};
    const bool there = ::stat(index.c_str(), &info) == 0;
    const auto content = there ? read_file(index, std::size_t{2} << 30U) : std::nullopt;
    if (content) {
      write_file_atomically(path_, *content, 0600);
      // By its age git knows which files changed too soon after it for their stat data to tell.
      const std::array<timespec, 2> times{info.st_mtim, info.st_mtim};
      if (::utimensat(AT_FDCWD, path_.c_str(), times.data(), 0) != 0)
        throw Error(ErrorKind::fatal, fmt::format("'{}': {}", path_, std::strerror(errno)));
    } else if (!commit.empty()) {
      const auto read = folder_->git({"read-tree", commit}, in_it());
      if (!read.ok() && !was_cut_off) throw git::complaint("git read-tree", read);
    }
  }
  /// So that git looks at these files.
  void unmark(const std::vector<std::string>& files) const {
    update("--no-assume-unchanged", files);
    update("--no-skip-worktree", files);
  }
  void forget(const std::vector<std::string>& entries) const { update("--force-remove", entries); }
  std::string run(std::vector<std::string> arguments, std::string_view input = {}) const {
    git::Command command = in_it();
    command.input = input;
    return folder_->git_checked(std::move(arguments), std::move(command));
  }
  [[nodiscard]] git::Oid tree() const {
    const auto oid = git::Oid::parse(text::trim(run({"write-tree"})));
    if (!oid) throw Error(ErrorKind::fatal, "git write-tree gave no tree");
    return *oid;
  }

 private:
  void update(const char* how, const std::vector<std::string>& paths) const {
    if (paths.empty()) return;
    std::string list;
    for (const std::string& path : paths) list += path + '\0';
    run({"update-index", how, "-z", "--stdin"}, list);
  }
  [[nodiscard]] git::Command in_it() const {
    git::Command command;
    command.environment.emplace_back("GIT_INDEX_FILE", path_);
    return command;
  }

  const SlotFolder* folder_;
  git::TemporaryFolder place_;
  std::string path_;
};

std::optional<git::Oid> head_commit(const git::Repository& repository, const SlotFolder& folder) {
  // Of a slot on its branch, no process is needed.
  const Slot& slot = folder.slot();
  if (!slot.branch.empty() && !slot.detached) {
    const auto head = read_file(slot.admin_folder + "/HEAD", 4096);
    const std::string ref = "refs/heads/" + slot.branch;
    if (head && *head == "ref: " + ref + "\n") {
      if (const auto tip = git::read_ref(repository, ref)) return tip;
    }
  }
  const auto outcome = folder.git({"rev-parse", "--verify", "--quiet", "HEAD^{commit}"});
  return outcome.ok() ? git::Oid::parse(text::trim(outcome.output)) : std::nullopt;
}

/// What the names of all refs begin with that keep work of this slot.
std::string folder_of(const NameRescueRef& name_ref) {
  const std::string name = name_ref(1);
  return name.substr(0, name.rfind('/') + 1);
}

/// As in HEAD, or nothing that anybody made.
bool is_nobodys(const git::Repository& repository, const SlotFolder& folder, const git::Oid& tree,
                const std::optional<git::Oid>& head, const Origins& origins) {
  if (head && tree == git::tree_of(repository, *head)) return true;
  return !origins.empty() && !has_own_content(repository, folder, tree, origins);
}

/// Submodules that are nothing but files in the slot, which are untracked in `status`.
std::vector<std::string> replaced_by_files(const SlotFolder& folder, const StatusEntries& status) {
  std::vector<std::string> submodules = unpopulated_submodules(folder);
  std::erase_if(submodules, [&](const std::string& submodule) {
    const std::string start = "? " + submodule + '/';
    return std::none_of(status.begin(), status.end(),
                        [&](const std::string& entry) { return entry.starts_with(start); });
  });
  return submodules;
}

/// What stands in the slot, as `git add` would have it.
git::Oid tree_of_files(const git::Repository& repository, const SlotFolder& folder,
                       const StatusEntries& status, const std::optional<git::Oid>& head,
                       const std::vector<std::string>& marked, bool was_cut_off) {
  ScratchIndex index(repository, folder);
  index.start(folder.slot().admin_folder + "/index", head ? head->hex() : "", was_cut_off);
  index.unmark(marked);
  index.forget(replaced_by_files(folder, status));
  index.run({"-c", "core.fsmonitor=false", "-c", "core.ignoreCase=" + ignores_case(folder), "-c",
             "advice.addEmbeddedRepo=false", "add", "--all", "--sparse", "--", "."});
  return index.tree();
}

/// Nothing where all is as in HEAD.
std::optional<git::Oid> commit_of_changes(const git::Repository& repository,
                                          const SlotFolder& folder, const StatusEntries& status,
                                          const std::optional<git::Oid>& head,
                                          const NameRescueRef& name_ref) {
  const std::vector<std::string> marked = marked_files(folder);
  if (status.empty() && marked.empty()) return std::nullopt;
  const Slot& slot = folder.slot();
  const auto origins = origins_of(repository, slot, head, folder_of(name_ref));
  const git::Oid tree = tree_of_files(repository, folder, status, head, marked, !origins.empty());
  if (status.empty() && head && tree == git::tree_of(repository, *head)) return std::nullopt;
  const auto is_own = [&](const git::Oid& one) {
    return !is_nobodys(repository, folder, one, head, origins);
  };
  const auto staged = staged_tree(repository, slot);
  const bool keeps_staged = staged && *staged != tree && is_own(*staged);
  if (!keeps_staged && !origins.empty() && !is_own(tree)) return std::nullopt;
  std::vector<git::Oid> parents;
  if (head) parents.push_back(*head);
  if (keeps_staged) {
    parents.push_back(
        git::create_commit(repository, *staged, parents, fmt::format("Staged in {}\n", slot.path)));
  }
  return git::create_commit(repository, tree, parents,
                            fmt::format("Unsaved work of {}\n", slot.path));
}

/// Gives refs of one slot to commits, each a name of its own.
class Keeper {
 public:
  Keeper(const git::Repository& repository, const NameRescueRef& name_ref)
      : repository_(&repository), name_ref_(&name_ref) {}

  /// The ref that keeps `commit`; one that keeps the same already is of a command that was killed
  /// after it.
  std::string keep(const git::Oid& commit) {
    if (!kept_) kept_ = kept_before();
    const auto [place, added] = kept_->try_emplace(content_of(commit));
    if (added) place->second = make_ref(commit);
    return place->second;
  }

 private:
  using Content = std::tuple<git::Oid, std::vector<git::Oid>, std::string>;

  [[nodiscard]] Content content_of(const git::Oid& id) const {
    git::Commit commit = git::read_commit(*repository_, id);
    return {commit.tree, std::move(commit.parents), std::move(commit.message)};
  }
  [[nodiscard]] std::map<Content, std::string> kept_before() const {
    std::map<Content, std::string> kept;
    for (const auto& ref : git::list_refs(*repository_, folder_of(*name_ref_)))
      kept.try_emplace(content_of(ref.target), ref.name);
    return kept;
  }
  std::string make_ref(const git::Oid& commit) {
    constexpr int tries = 100000;
    while (++last_count_ < tries) {
      std::string ref = (*name_ref_)(last_count_);
      if (git::compare_and_swap(*repository_, ref, std::nullopt, commit, "rescue") ==
          git::SwapResult::swapped) {
        return ref;
      }
    }
    throw Error(ErrorKind::lost_race, "no free name for a rescue ref");
  }

  const git::Repository* repository_;
  const NameRescueRef* name_ref_;
  std::optional<std::map<Content, std::string>> kept_;
  int last_count_ = 0;
};

/// "1 .M SCMU …": a submodule with another commit, modified or untracked files in it.
bool has_work_in_submodule(std::string_view entry) {
  constexpr std::size_t place = 5;  // after "1 .M " and "u UU "
  if (entry.size() < place + 4 || entry.starts_with('?') || entry[place] != 'S') return false;
  return entry.substr(place, 4) != "S...";
}

/// Commits, or what a worktree elsewhere that was made of this submodule has in its git folder.
bool would_lose(const std::string& submodule) {
  return exists(submodule + "/worktrees") || has_own_commits(submodule);
}

}  // namespace

bool has_submodule_commits(const std::string& admin_folder) {
  const auto all = submodule_folders(admin_folder);
  return std::any_of(all.begin(), all.end(), would_lose);
}

std::vector<std::string> submodule_folders(const std::string& admin_folder) {
  namespace fs = std::filesystem;
  std::vector<std::string> folders;
  std::error_code error;
  fs::recursive_directory_iterator it(admin_folder + "/modules", error);
  for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    const std::string path = it->path().string();
    if (it->is_symlink() || !it->is_directory() || !exists(path + "/HEAD")) continue;
    folders.push_back(path);
    it.disable_recursion_pending();
    for (auto& inner : submodule_folders(path)) folders.push_back(std::move(inner));
  }
  return folders;
}

/// Git takes no part of a path that is ".git" but for its case.
bool cannot_be_added(std::string_view path) {
  const auto parts = text::split(path, '/');
  return std::any_of(parts.begin(), parts.end(), [](std::string_view part) {
    return part.size() == 4 && ::strcasecmp(std::string(part).c_str(), ".git") == 0;
  });
}

std::vector<std::string> nested_repositories(const SlotFolder& folder, const Look& look,
                                             const StatusEntries& status) {
  std::vector<std::string> nested;
  for (const auto& entry : status) {
    const bool is_untracked = entry.starts_with("? ");
    if (is_untracked && (entry.ends_with('/') || cannot_be_added(entry.substr(2))))
      nested.push_back(entry.substr(2));
    if (has_work_in_submodule(entry)) nested.push_back(entry.substr(entry.rfind(' ') + 1) + "/");
  }
  for (const auto& submodule : submodule_folders(folder.slot().admin_folder)) {
    if (would_lose(submodule) || has_marks(submodule)) nested.push_back(submodule + "/");
  }
  if (nested.empty()) nested = hidden_repositories(folder, look);
  return nested;
}

std::vector<Rescued> rescue(const git::Repository& repository, const SlotFolder& folder,
                            const StatusEntries& status, const NameRescueRef& name_ref) {
  std::vector<Rescued> rescued;
  Keeper keeper(repository, name_ref);
  const auto head = head_commit(repository, folder);
  if (const auto commit = commit_of_changes(repository, folder, status, head, name_ref)) {
    rescued.push_back({keeper.keep(*commit), "uncommitted changes"});
  }
  for (const auto& commit : lost_commits(repository, folder.slot(), head)) {
    rescued.push_back({keeper.keep(commit), "commits that no branch has"});
  }
  if (const auto commit = commit_of_git_folder(repository, folder.slot()))
    rescued.push_back({keeper.keep(*commit), files_of_git_folder});
  return rescued;
}

std::vector<Rescued> rescue_without_folder(const git::Repository& repository, const Slot& slot,
                                           const NameRescueRef& name_ref) {
  std::vector<Rescued> rescued;
  Keeper keeper(repository, name_ref);
  auto head = slot.detached;
  if (!head && !slot.branch.empty()) head = git::read_ref(repository, "refs/heads/" + slot.branch);
  const auto staged = slot.has_index ? staged_tree(repository, slot) : std::nullopt;
  if (staged && (!head || *staged != git::tree_of(repository, *head))) {
    std::vector<git::Oid> parents;
    if (head) parents.push_back(*head);
    const git::Oid commit =
        git::create_commit(repository, *staged, parents, fmt::format("Staged in {}\n", slot.path));
    rescued.push_back({keeper.keep(commit), "staged changes"});
  }
  for (const auto& commit : lost_commits(repository, slot, head)) {
    rescued.push_back({keeper.keep(commit), "commits that no branch has"});
  }
  if (const auto commit = commit_of_git_folder(repository, slot))
    rescued.push_back({keeper.keep(*commit), files_of_git_folder});
  return rescued;
}

}  // namespace gitplan
