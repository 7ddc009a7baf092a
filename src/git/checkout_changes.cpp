#include "git/checkout_changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>
#include <unordered_map>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/gitfile.hpp"
#include "git/process.hpp"
#include "git/repository.hpp"

namespace gitplan::git {
namespace {

namespace fs = std::filesystem;

using ChangeByPath = std::unordered_map<std::string_view, const TreeChange*>;

std::uint32_t octal(std::string_view digits) {
  std::uint32_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value, 8);
  return value;
}

TreeSide side_of(std::string_view mode, std::string_view oid) {
  return {octal(mode), Oid::parse(oid).value_or(Oid{})};
}

// One path of `git status --porcelain=v2` that is not as in HEAD.
struct LocalChange {
  std::string_view path;
  char staged = '.';
  char unstaged = '.';
  TreeSide index;
  bool unmerged = false;
};

// "1 <XY> <sub> <mH> <mI> <mW> <hH> <hI> <path>", "u <XY> <sub> <m1> <m2> <m3> <mW> <h1> <h2> <h3>
// <path>"
std::optional<LocalChange> parse_status(std::string_view line) {
  const bool unmerged = line.starts_with("u ");
  if (!unmerged && !line.starts_with("1 ")) return std::nullopt;
  const std::size_t fields_before_path = unmerged ? 10 : 8;
  std::vector<std::string_view> fields;
  while (fields.size() < fields_before_path) {
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    fields.push_back(line.substr(0, space));
    line.remove_prefix(space + 1);
  }
  LocalChange change{line, fields[1][0], fields[1][1], {}, unmerged};
  if (!unmerged) change.index = side_of(fields[4], fields[7]);
  return change;
}

// Only the paths that matter are asked for, as long as they fit on a command line.
std::string run_status(const Checkout& checkout, const std::vector<TreeChange>& changes) {
  constexpr std::size_t kMostBytes = 1U << 16U;
  std::vector<std::string> words = {"--no-optional-locks",
                                    "status",
                                    "--porcelain=v2",
                                    "-z",
                                    "--no-renames",
                                    "--untracked-files=no",
                                    "--ignore-submodules=dirty"};
  std::size_t bytes = 0;
  for (const TreeChange& change : changes) bytes += change.path.size() + sizeof(char*);
  if (bytes <= kMostBytes) {
    words.emplace_back("--");
    for (const TreeChange& change : changes) words.push_back(change.path);
  }
  Command command = git_in(checkout, std::move(words));
  command.environment = {{"GIT_LITERAL_PATHSPECS", "1"},
                         {"GIT_GLOB_PATHSPECS", "0"},
                         {"GIT_NOGLOB_PATHSPECS", "0"},
                         {"GIT_ICASE_PATHSPECS", "0"}};
  return run_git_checked(command);
}

bool is_in_the_way(const LocalChange& local, const TreeChange& change) {
  if (local.unmerged) return true;
  const bool file_is_gone = local.unstaged == 'D' || local.index.mode == 0;
  if (file_is_gone && !change.after.exists()) return false;
  if (local.staged != '.' && local.index != change.after) return true;
  // Git leaves a submodule's own checkout as it is.
  return local.unstaged != '.' && !change.before.is_submodule();
}

// A file in its place: git deletes the submodule's folder, whatever stands there.
bool gives_way(const TreeChange& change) {
  return change.before.is_submodule() && change.after.exists() && !change.after.is_submodule();
}

// What stands in a submodule's folder no commit of the superproject holds, and its commits may be
// nowhere else, whatever git calls clean.
bool has_content(const std::string& submodule) {
  std::error_code error;
  return fs::is_directory(submodule, error) && !fs::is_empty(submodule, error);
}

bool is_deleted(const ChangeByPath& by_path, const std::string& path) {
  const auto found = by_path.find(path);
  return found != by_path.end() && !found->second->after.exists();
}

bool is_filled_submodule(const std::string& top, const std::string& path,
                         const ChangeByPath& by_path) {
  const auto found = by_path.find(path);
  return found != by_path.end() && found->second->before.is_submodule() &&
         has_content(join_path(top, path));
}

// As files that are tracked it is no more than those.
bool is_own_repository(const std::string& top, const std::string& folder,
                       const ChangeByPath& by_path) {
  const std::string path = join_path(top, folder);
  if (exists(join_path(path, ".git"))) return true;
  return is_bare_repository(path) && !is_deleted(by_path, folder + "/HEAD");
}

// Below a folder that a file shall replace, all that the changes do not delete; a repository, or
// what stands in a submodule's place, as a whole.
void add_content(const std::string& top, const std::string& folder, const ChangeByPath& by_path,
                 std::set<std::string>& paths) {
  std::error_code error;
  if (is_own_repository(top, folder, by_path)) {
    paths.insert(folder);
    return;
  }
  for (fs::recursive_directory_iterator entry(join_path(top, folder), error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code ignored;
    std::string path = entry->path().string().substr(top.size() + 1);
    const bool is_folder = entry->is_directory(ignored) && !entry->is_symlink(ignored);
    const bool is_whole = is_folder && (is_own_repository(top, path, by_path) ||
                                        is_filled_submodule(top, path, by_path));
    if (is_whole) entry.disable_recursion_pending();
    if (is_whole || (!is_folder && !is_deleted(by_path, path))) paths.insert(std::move(path));
  }
}

// Untracked things where the changes want a new file, or a folder for it.
void add_untracked(const std::string& top, const TreeChange& change, const ChangeByPath& by_path,
                   std::set<std::string>& paths) {
  for (std::size_t slash = change.path.find('/'); slash != std::string::npos;
       slash = change.path.find('/', slash + 1)) {
    const std::string folder = change.path.substr(0, slash);
    std::error_code error;
    const fs::file_status status = fs::symlink_status(join_path(top, folder), error);
    if (!fs::exists(status)) return;
    if (fs::is_directory(status)) continue;
    if (!is_deleted(by_path, folder)) paths.insert(folder);
    return;
  }
  std::error_code error;
  const fs::file_status status = fs::symlink_status(join_path(top, change.path), error);
  if (!fs::exists(status)) return;
  if (!fs::is_directory(status)) {
    paths.insert(change.path);
  } else if (!change.after.is_submodule()) {
    add_content(top, change.path, by_path, paths);
  }
}

}  // namespace

std::vector<TreeChange> changes_between(const Repository& repository, const Oid& before,
                                        const Oid& after) {
  Command command;
  command.arguments = {"diff-tree",
                       "-r",
                       "-z",
                       "--raw",
                       "--no-renames",
                       "--no-abbrev",
                       "--no-ext-diff",
                       "--ignore-submodules=none",
                       before.hex(),
                       after.hex()};
  command.environment = {{"GIT_DIR", repository.common_dir()}};
  const std::string output = run_git_checked(command);
  const std::vector<std::string_view> fields = text::split(output, '\0');
  std::vector<TreeChange> changes;
  for (std::size_t i = 0; i + 1 < fields.size();
       i += 2) {  // ":<mode> <mode> <id> <id> <letter>", path
    const std::vector<std::string_view> words = text::split(fields[i], ' ');
    if (words.size() < 5 || !words[0].starts_with(':')) {
      throw Error(ErrorKind::fatal, fmt::format("git diff-tree: unexpected line '{}'", fields[i]));
    }
    changes.push_back({std::string(fields[i + 1]), side_of(words[0].substr(1), words[2]),
                       side_of(words[1], words[3])});
  }
  return changes;
}

std::vector<std::string> paths_in_the_way(const Checkout& checkout,
                                          const std::vector<TreeChange>& changes) {
  if (changes.empty()) return {};
  ChangeByPath by_path;
  for (const TreeChange& change : changes) by_path.emplace(change.path, &change);
  std::set<std::string> paths;
  std::set<std::string_view> known;
  const std::string status = run_status(checkout, changes);
  for (const std::string_view line : text::split(status, '\0')) {
    const std::optional<LocalChange> local = parse_status(line);
    const auto found = local ? by_path.find(local->path) : by_path.end();
    if (found == by_path.end()) continue;
    known.insert(found->first);
    if (is_in_the_way(*local, *found->second)) paths.emplace(local->path);
  }
  for (const TreeChange& change : changes) {
    if (gives_way(change) && has_content(join_path(checkout.path, change.path)))
      paths.insert(change.path);
    if (change.before.exists() || known.contains(change.path)) continue;
    add_untracked(checkout.path, change, by_path, paths);
  }
  return {paths.begin(), paths.end()};
}

std::vector<std::string> unmerged_paths(const Checkout& checkout) {
  const std::string list = run_git_checked(git_in(checkout, {"ls-files", "-u", "-z"}));
  std::set<std::string> paths;
  for (const std::string_view line : text::split(list, '\0')) {  // <mode> <id> <stage> TAB <path>
    const std::size_t tab = line.find('\t');
    if (tab != std::string_view::npos) paths.emplace(line.substr(tab + 1));
  }
  return {paths.begin(), paths.end()};
}

}  // namespace gitplan::git
