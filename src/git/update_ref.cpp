#include "git/update_ref.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/hooks_folder.hpp"
#include "git/process.hpp"
#include "git/ref_files.hpp"
#include "git/repository_state.hpp"

namespace gitplan::git {
namespace {

constexpr off_t many_packed_bytes = 200 << 10;

std::string transaction_text(const std::vector<RefChange>& changes) {
  std::string text;
  for (const RefChange& change : changes) {
    // The ref itself, should it be symbolic: compare_and_swap has followed it already.
    text += std::string("option no-deref") + '\0';
    if (change.desired.is_zero()) {
      text += "delete " + change.name + '\0';
    } else {
      text += "update " + change.name + '\0' + change.desired.hex() + '\0';
    }
    text += change.expected.hex() + '\0';
  }
  return text;
}

bool is_as_expected(const Repository& repository, const RefChange& change) {
  const RefValue value = read_raw_ref(repository, change.name);
  if (value.kind == RefValue::Kind::absent) return change.expected.is_zero();
  return value.kind == RefValue::Kind::direct && value.target == change.expected;
}

bool says(const Outcome& outcome, std::string_view words) {
  return outcome.errors.find(words) != std::string::npos;
}

Attempt judge(const Repository& repository, const std::vector<RefChange>& changes,
              const Outcome& outcome) {
  if (outcome.ok()) return {Attempt::Result::swapped, ""};
  const std::string line = first_error_line(outcome);
  if (says(outcome, "aborted by hook")) return {Attempt::Result::refused, line};
  const bool all_expected = std::all_of(changes.begin(), changes.end(), [&](const auto& change) {
    return is_as_expected(repository, change);
  });
  if (!all_expected) return {Attempt::Result::lost_race, line};
  // "No such file": pack-refs removed the folder between two steps of git's.
  const bool locked = says(outcome, "Unable to create '") &&
                      (says(outcome, "File exists") || says(outcome, "No such file or directory"));
  // The value was another one for a moment: it lost a race all the same.
  const bool raced = says(outcome, "but expected") || says(outcome, "reference already exists");
  if (raced) return {Attempt::Result::lost_race, line};
  return {locked ? Attempt::Result::locked : Attempt::Result::failed, line};
}

bool git_makes_reflog(const Repository& repository, const Config& config, std::string_view name) {
  constexpr std::array<std::string_view, 3> kinds{"refs/heads/", "refs/remotes/", "refs/notes/"};
  const std::string setting = config.text("core.logAllRefUpdates").value_or("");
  if (setting == "always") return true;
  const bool wanted = setting.empty() ? !repository.is_bare() || repository.worktree().has_value()
                                      : config.boolean("core.logAllRefUpdates").value_or(true);
  return wanted && std::any_of(kinds.begin(), kinds.end(),
                               [&](std::string_view kind) { return name.starts_with(kind); });
}

std::optional<std::string> setting_that_libgit2_sees(const Repository& repository) {
  ConfigHandle config;
  git_config_entry* entry = nullptr;
  if (git_repository_config(out(config), repository.handle()) < 0) return std::nullopt;
  if (git_config_get_entry(&entry, config.get(), "core.logAllRefUpdates") < 0) return std::nullopt;
  std::string value = entry->value != nullptr ? entry->value : "true";
  git_config_entry_free(entry);
  return value;
}

bool same_reflog_as_git(const Repository& repository, const Config& config,
                        const std::string& name) {
  if (config.text("core.logAllRefUpdates") != setting_that_libgit2_sees(repository)) return false;
  // git appends to a log that is there, whatever the setting says.
  return git_makes_reflog(repository, config, name) ||
         !exists(join_path(repository.common_dir(), "logs/" + name));
}

bool has_many_packed_refs(const Repository& repository) {
  struct stat status {};
  const std::string path = join_path(repository.common_dir(), "packed-refs");
  return stat(path.c_str(), &status) == 0 && status.st_size > many_packed_bytes;
}

}  // namespace

Attempt update_refs_with_git(const Repository& repository, const std::vector<RefChange>& changes,
                             std::string_view reflog_message) {
  const std::string input = transaction_text(changes);
  Command command;
  command.arguments = {git_dir_option(repository), "update-ref"};
  if (!reflog_message.empty()) {
    command.arguments.insert(command.arguments.end(), {"-m", std::string(reflog_message)});
  }
  command.arguments.insert(command.arguments.end(), {"--stdin", "-z"});
  command.input = input;
  command.folder = folder_of_call(repository);
  return judge(repository, changes, run_git(command));
}

std::vector<std::string> lock_files_of(const Repository& repository,
                                       const std::vector<RefChange>& changes) {
  const std::string packed = join_path(repository.common_dir(), "packed-refs");
  std::vector<std::string> files{packed + ".lock", packed + ".new",
                                 join_path(repository.git_dir(), "HEAD.lock")};
  for (const RefChange& change : changes) {
    files.push_back(loose_path(repository, change.name) + ".lock");
  }
  return files;
}

bool needs_git(const Repository& repository, const std::string& name) {
  const Config& config = recent_config(repository);
  return has_many_packed_refs(repository) ||
         find_hook(repository, config, "reference-transaction") ||
         !same_reflog_as_git(repository, config, name);
}

}  // namespace gitplan::git
