#include "git/gitfile.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>
#include <string_view>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/discovery.hpp"

namespace gitplan::git {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxBytes = 1U << 20U;
constexpr std::string_view kStart = "gitdir: ";

/// The path in a .git file, as written; empty if it has none.
std::string_view path_in(std::string_view content) {
  return path_of_line(content.substr(kStart.size()));
}

bool is_file(int fd) {
  struct stat status {};
  return fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

std::string_view path_of_line(std::string_view content) {
  while (content.ends_with('\n') || content.ends_with('\r')) content.remove_suffix(1);
  return content.substr(0, content.find('\0'));
}

std::optional<std::string> read_gitfile(const std::string& path) {
  const Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file || !is_file(file.get())) return std::nullopt;
  const std::string content = read_all(file.get(), path, kMaxBytes);
  if (!content.starts_with(kStart)) {
    throw Error(ErrorKind::fatal,
                fmt::format("invalid gitfile format: '{}'", text::printable(path)));
  }
  const std::string_view named = path_in(content);
  if (named.empty())
    throw Error(ErrorKind::fatal, fmt::format("no path in gitfile: '{}'", text::printable(path)));
  return resolve(parent_folder(path), std::string(named));
}

std::optional<std::string> read_gitfile_in(int folder_fd) try {
  const Fd file(openat(folder_fd, ".git", O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!file || !is_file(file.get())) return std::nullopt;
  const std::string content = read_all(file.get(), ".git", kMaxBytes);
  if (!content.starts_with(kStart) || path_in(content).empty()) return std::nullopt;
  std::error_code error;
  const fs::path folder = fs::read_symlink(fmt::format("/proc/self/fd/{}", folder_fd), error);
  return resolve(folder.string(), std::string(path_in(content)));
} catch (const Error&) {
  return std::nullopt;
}

std::string git_folder_of(const std::string& top) try {
  std::string dot_git = join_path(top, ".git");
  std::error_code error;
  if (fs::is_directory(dot_git, error)) return dot_git;
  return read_gitfile(dot_git).value_or("");
} catch (const Error&) {
  return "";  // a damaged .git names nothing
}

bool has_git_folder(const std::string& top, const std::string& git_folder) {
  const std::string found = git_folder_of(top);
  return !found.empty() && same_folder(found, git_folder);
}

bool is_bare_repository(const std::string& folder) {
  std::error_code error;
  return exists(join_path(folder, "HEAD")) &&
         std::filesystem::is_directory(join_path(folder, "objects"), error) &&
         std::filesystem::is_directory(join_path(folder, "refs"), error);
}

bool same_folder(const std::string& one, const std::string& other) {
  std::error_code error;
  return one == other || (fs::equivalent(one, other, error) && !error);
}

}  // namespace gitplan::git
