#include "git/discovery.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/gitfile.hpp"
#include "git/libgit2.hpp"

namespace gitplan::git {
namespace {

bool is_hex(std::string_view digits) {
  return std::all_of(digits.begin(), digits.end(),
                     [](unsigned char c) { return std::isxdigit(c) != 0; });
}

/// A HEAD that git would accept: a link into refs/, "ref: refs/…", or an object id.
bool is_valid_head(const std::string& path) {
  std::error_code none;
  if (is_symlink(path)) {
    return std::filesystem::read_symlink(path, none).string().starts_with("refs/");
  }
  struct stat status {};
  if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  const auto content = read_file(path, 4096);
  if (!content) return false;
  if (content->starts_with("ref:")) return text::trim(content->substr(4)).starts_with("refs/");
  return content->size() >= 40 && is_hex(std::string_view(*content).substr(0, 40));
}

[[noreturn]] void refuse(const std::string& path) {
  throw Error(ErrorKind::fatal, fmt::format("not a git repository: '{}'", text::printable(path)));
}

std::string common_dir_of(const std::string& git_dir) {
  const auto content = read_file(join_path(git_dir, "commondir"), 65536);
  if (!content) return git_dir;
  const std::string_view named = path_of_line(*content);
  if (named.empty()) refuse(git_dir);
  return resolve(git_dir, std::string(named));
}

bool is_git_folder(const std::string& path, const std::string& common_dir) {
  if (!is_valid_head(join_path(path, "HEAD"))) return false;
  const std::string objects =
      environment("GIT_OBJECT_DIRECTORY").value_or(join_path(common_dir, "objects"));
  return access(objects.c_str(), X_OK) == 0 &&
         access(join_path(common_dir, "refs").c_str(), X_OK) == 0;
}

bool is_git_folder(const std::string& path) {
  // A cheap look first: most folders on the way up have no HEAD. One that is a link leads nowhere
  // before the first commit, and once its branch is packed.
  return exists(join_path(path, "HEAD")) &&
         is_git_folder(path, environment("GIT_COMMON_DIR").value_or(common_dir_of(path)));
}

/// The length of the longest of $GIT_CEILING_DIRECTORIES that is above `path`; -1 if none is. As in
/// git, links in them are resolved up to the first empty entry.
long ceiling_above(const std::string& path) {
  const auto ceilings = environment("GIT_CEILING_DIRECTORIES");
  if (!ceilings) return -1;
  long longest = -1;
  bool follow_links = true;
  for (const std::string_view entry : text::split(*ceilings, ':')) {
    if (entry.empty()) follow_links = false;
    if (entry.empty() || entry.front() != '/') continue;
    std::string ceiling = follow_links ? resolve("/", std::string(entry))
                                       : std::filesystem::path(entry).lexically_normal().string();
    while (!ceiling.empty() && ceiling.back() == '/') ceiling.pop_back();
    if (path.size() > ceiling.size() + 1 && path.starts_with(ceiling) &&
        path[ceiling.size()] == '/') {
      longest = std::max(longest, static_cast<long>(ceiling.size()));
    }
  }
  return longest;
}

bool may_cross_file_systems() {
  const auto value = environment("GIT_DISCOVERY_ACROSS_FILESYSTEM");
  int across = 0;
  return value && git_config_parse_bool(&across, value->c_str()) == 0 && across != 0;
}

dev_t device_of(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 ? status.st_dev : 0;
}

GitFolder described(GitFolder::Found found, const std::string& git_dir) {
  GitFolder folder;
  folder.found = found;
  folder.git_dir = resolve(current_folder(), git_dir);
  const auto common = environment("GIT_COMMON_DIR");
  folder.common_dir = common ? resolve(current_folder(), *common) : common_dir_of(folder.git_dir);
  return folder;
}

/// What stands at this one folder: a .git folder, a .git file, or the inside of a git folder.
std::optional<GitFolder> look_at(const std::string& folder) {
  const std::string dot_git = join_path(folder, ".git");
  struct stat status {};
  const bool present = stat(dot_git.c_str(), &status) == 0;
  if (present && S_ISREG(status.st_mode)) {
    const auto named = read_gitfile(dot_git);
    if (!named || !is_git_folder(*named)) refuse(named.value_or(dot_git));
    GitFolder found = described(GitFolder::Found::by_dot_git, *named);
    found.top = folder;
    found.gitfile = dot_git;
    return found;
  }
  if (present && is_git_folder(dot_git)) {
    GitFolder found = described(GitFolder::Found::by_dot_git, dot_git);
    found.top = folder;
    return found;
  }
  if (is_git_folder(folder)) return described(GitFolder::Found::from_inside, folder);
  return std::nullopt;
}

[[noreturn]] void throw_no_repository(std::string_view where) {
  throw Error(ErrorKind::fatal, fmt::format("not a git repository (or any {}): .git", where),
              Hint{"to make one here, run: git init"});
}

GitFolder search_upward() {
  std::string folder = current_folder();
  const long ceiling = ceiling_above(folder);
  const dev_t device = may_cross_file_systems() ? 0 : device_of(folder);
  for (;;) {
    if (auto found = look_at(folder)) return *found;
    const std::string parent = parent_folder(folder);
    const long length = parent == "/" ? 0 : static_cast<long>(parent.size());
    if (folder == "/" || length <= ceiling) throw_no_repository("of the parent directories");
    if (device != 0 && device_of(parent) != device) {
      throw_no_repository(fmt::format("parent up to mount point {}", text::printable(parent)));
    }
    folder = parent;
  }
}

}  // namespace

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

std::string current_folder() {
  std::error_code failure;
  const auto folder = std::filesystem::current_path(failure);
  if (failure) {
    throw Error(ErrorKind::fatal,
                fmt::format("cannot read the current folder: {}", failure.message()));
  }
  return folder.string();
}

std::string parent_folder(const std::string& path) {
  const auto slash = path.find_last_of('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

std::string resolve(const std::string& base, const std::string& path) {
  std::error_code failure;
  const auto joined = std::filesystem::path(base) / path;
  std::string result = std::filesystem::weakly_canonical(joined, failure).string();
  if (failure) result = joined.lexically_normal().string();
  while (result.size() > 1 && result.back() == '/') result.pop_back();
  return result;
}

GitFolder git_folder_at(const std::string& path) {
  const std::string absolute = resolve(current_folder(), path);
  const std::string git_dir = read_gitfile(absolute).value_or(absolute);
  GitFolder folder;
  folder.git_dir = git_dir;
  folder.common_dir = common_dir_of(git_dir);
  folder.found = GitFolder::Found::from_inside;
  if (!is_valid_head(join_path(git_dir, "HEAD")) || !exists(join_path(folder.common_dir, "refs"))) {
    refuse(path);
  }
  return folder;
}

GitFolder find_git_folder() {
  const auto named = environment("GIT_DIR");
  if (!named) return search_upward();
  const std::string path = resolve(current_folder(), *named);
  const std::string git_dir = read_gitfile(path).value_or(path);
  if (!is_git_folder(git_dir)) refuse(*named);
  return described(GitFolder::Found::by_variable, git_dir);
}

}  // namespace gitplan::git
