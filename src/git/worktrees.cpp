#include "git/worktrees.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>
#include <filesystem>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/gitfile.hpp"
#include "git/ref_files.hpp"
#include "git/repository.hpp"

namespace gitplan::git {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxBytes = 1U << 16U;
constexpr std::string_view kBranches = "refs/heads/";

// The first line of a small file in an admin folder; nothing where it is gone or cannot be read:
// another program may be changing it at this moment.
std::optional<std::string> first_line(const std::string& path) {
  try {
    const std::optional<std::string> content = read_file(path, kMaxBytes);
    if (!content) return std::nullopt;
    return std::string(text::trim(content->substr(0, content->find('\n'))));
  } catch (const Error&) {
    return std::nullopt;
  }
}

// A path may hold anything but the newlines that end the file, and NUL: a power cut leaves those.
std::string path_in(const std::string& file) {
  try {
    return std::string(path_of_line(read_file(file, kMaxBytes).value_or("")));
  } catch (const Error&) {
    return "";
  }
}

void read_head_file(Worktree& worktree) {
  const std::string path = worktree.admin_folder + "/HEAD";
  std::optional<std::string> line;
  if (is_symlink(path)) {  // how git before 1.5 kept it, and core.preferSymlinkRefs does
    std::error_code error;
    line = "ref: " + fs::read_symlink(path, error).string();
  } else {
    line = first_line(path);
  }
  if (!line) return;
  constexpr std::string_view kSymbolic = "ref:";
  if (line->starts_with(kSymbolic)) {
    worktree.branch = text::trim(std::string_view(*line).substr(kSymbolic.size()));
  } else {
    worktree.head = Oid::parse(*line);
  }
}

// A rebase or bisect detaches HEAD, and goes back to the branch at its end.
void read_return_branch(Worktree& worktree) {
  for (const char* file : {"/rebase-merge/head-name", "/rebase-apply/head-name"}) {
    const std::optional<std::string> name = first_line(worktree.admin_folder + file);
    if (!name || !name->starts_with(kBranches)) continue;
    worktree.branch = *name;
    worktree.rebasing = true;
    return;
  }
  if (!exists(worktree.admin_folder + "/BISECT_LOG")) return;
  const std::optional<std::string> start = first_line(worktree.admin_folder + "/BISECT_START");
  if (!start || start->empty() || Oid::parse(*start)) return;
  worktree.branch = start->starts_with(kBranches) ? *start : std::string(kBranches) + *start;
  worktree.rebasing = true;
}

void read_branch(Worktree& worktree) {
  read_head_file(worktree);
  if (worktree.branch.empty()) read_return_branch(worktree);
}

Worktree main_worktree(const Repository& repository) {
  Worktree worktree;
  worktree.is_main = true;
  worktree.admin_folder = repository.common_dir();
  if (repository.is_bare()) return worktree;
  worktree.path = repository.main_worktree().value_or("");
  worktree.missing = !exists(worktree.path);
  read_branch(worktree);
  return worktree;
}

// "<folder>/.git", relative to the admin folder where git was told to write it so.
std::string top_of(const std::string& admin_folder, const std::string& gitdir) {
  fs::path path(gitdir);
  if (path.is_relative()) path = fs::path(admin_folder) / path;
  std::string top = path.lexically_normal().string();
  constexpr std::string_view kEnd = "/.git";
  if (top.ends_with(kEnd)) top.resize(top.size() - kEnd.size());
  return top;
}

std::optional<Worktree> linked_worktree(const std::string& admin_folder, const std::string& id) {
  Worktree worktree;
  worktree.admin_folder = admin_folder;
  worktree.id = id;
  const std::string gitdir = path_in(admin_folder + "/gitdir");
  if (!gitdir.empty()) worktree.path = top_of(admin_folder, gitdir);
  worktree.missing = worktree.path.empty() || !exists(worktree.path + "/.git");
  read_branch(worktree);
  const bool says_nothing = worktree.path.empty() && worktree.branch.empty() && !worktree.head;
  return says_nothing ? std::nullopt : std::optional(std::move(worktree));
}

std::vector<std::string> admin_ids(const std::string& folder) {
  std::vector<std::string> ids;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  while (!error && entry != fs::directory_iterator()) {
    ids.push_back(entry->path().filename().string());
    entry.increment(error);
  }
  std::ranges::sort(ids);
  return ids;
}

// A ref that cannot be read leads nowhere.
bool leads_to(const Repository& repository, const std::string& name, const std::string& branch) {
  if (name.empty() || name == branch) return name == branch;
  try {
    return follow_symbolic(repository, name) == branch;
  } catch (const Error&) {
    return false;
  }
}

// `git rebase --update-refs` moves these branches too when it ends: three lines for each, its name
// first.
bool will_update(const Worktree& worktree, const std::string& branch) {
  const std::string path = worktree.admin_folder + "/rebase-merge/update-refs";
  if (!exists(path)) return false;
  try {
    const std::string content = read_file(path).value_or("");
    return std::ranges::any_of(text::split(content, '\n'),
                               [&](std::string_view line) { return line == branch; });
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::vector<Worktree> linked_worktrees(const std::string& common_dir) {
  std::vector<Worktree> worktrees;
  const std::string folder = common_dir + "/worktrees";
  for (const std::string& id : admin_ids(folder)) {
    std::optional<Worktree> worktree = linked_worktree(join_path(folder, id), id);
    if (worktree) worktrees.push_back(std::move(*worktree));
  }
  return worktrees;
}

std::vector<Worktree> list_worktrees(const Repository& repository) {
  std::vector<Worktree> worktrees = linked_worktrees(repository.common_dir());
  worktrees.insert(worktrees.begin(), main_worktree(repository));
  return worktrees;
}

std::vector<Worktree> worktrees_of_branch(const Repository& repository, const std::string& branch) {
  std::vector<Worktree> holders;
  for (Worktree& worktree : list_worktrees(repository)) {
    if (!leads_to(repository, worktree.branch, branch)) {
      if (!will_update(worktree, branch)) continue;
      worktree.branch = branch;
      worktree.rebasing = true;
    }
    holders.push_back(std::move(worktree));
  }
  return holders;
}

std::optional<Worktree> worktree_of_branch(const Repository& repository,
                                           const std::string& branch) {
  std::vector<Worktree> holders = worktrees_of_branch(repository, branch);
  if (holders.empty()) return std::nullopt;
  const auto there = std::ranges::find_if(holders, [](const Worktree& w) { return !w.missing; });
  return std::move(there == holders.end() ? holders.back() : *there);
}

}  // namespace gitplan::git
