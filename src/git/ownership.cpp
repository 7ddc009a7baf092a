#include "git/ownership.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/process.hpp"

namespace gitplan::git {
namespace {

/// As git judges: links themselves count, and root under sudo may also use what the user owns.
bool is_ours(const std::string& path) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) return false;
  const uid_t self = geteuid();
  if (status.st_uid == self) return true;
  if (self != 0) return false;
  const auto sudo = environment("SUDO_UID");
  if (!sudo) return false;
  uid_t user = 0;
  const auto [end, failure] = std::from_chars(sudo->data(), sudo->data() + sudo->size(), user);
  return failure == std::errc() && *end == '\0' && status.st_uid == user;
}

bool all_ours(const GitFolder& folder) {
  if (folder.gitfile && !is_ours(*folder.gitfile)) return false;
  if (!folder.top.empty() && !is_ours(folder.top)) return false;
  return is_ours(folder.git_dir);
}

bool has_bare_repository_setting(git_repository* repository) {
  if (environment("GIT_CONFIG_PARAMETERS") || environment("GIT_CONFIG_COUNT") ||
      environment("GIT_CONFIG_GLOBAL") || environment("GIT_CONFIG_SYSTEM")) {
    return true;
  }
  ConfigHandle config;
  if (git_repository_config(out(config), repository) < 0) return false;
  git_config_entry* entry = nullptr;
  const bool found = git_config_get_entry(&entry, config.get(), "safe.bareRepository") == 0;
  git_config_entry_free(entry);
  return found;
}

void ask_git(const GitFolder& folder) {
  Command command;
  command.arguments = {"rev-parse", "--git-common-dir"};
  if (folder.found == GitFolder::Found::by_variable) {
    command.arguments.insert(command.arguments.begin(), "--git-dir=" + folder.git_dir);
  }
  const Outcome outcome = run_git(command);
  if (outcome.ok()) return;
  std::string complaint = first_error_line(outcome);
  if (!complaint.starts_with("detected dubious ownership")) {
    throw Error(ErrorKind::fatal, std::move(complaint));
  }
  const std::string& path = folder.top.empty() ? folder.git_dir : folder.top;
  throw Error(ErrorKind::fatal,
              fmt::format("detected dubious ownership in repository at '{}'", path),
              Hint{fmt::format("to trust it, run: git config --global --add safe.directory {}",
                               text::shell_quote(path))})
      .with_code("dubious_ownership");
}

}  // namespace

void judge_trust(git_repository* repository, const GitFolder& folder, const Format& format) {
  const bool named = folder.found == GitFolder::Found::by_variable;  // git asks no owner then
  if ((!named && !all_ours(folder)) || format.relative_worktrees ||
      (folder.found == GitFolder::Found::from_inside && has_bare_repository_setting(repository))) {
    ask_git(folder);
  }
}

}  // namespace gitplan::git
