#include "slots/hooks.hpp"

#include <fmt/format.h>

#include "base/fd.hpp"
#include "git/config.hpp"
#include "git/hooks_folder.hpp"
#include "git/process.hpp"
#include "git/repository.hpp"

namespace gitplan {
namespace {

/// A relative core.hooksPath counts from the folder that the hook runs in.
bool has_hook(const git::Repository& repository, const git::Config& config, std::string_view name,
              const Slot& slot) {
  const std::string folder = git::hooks_folder(repository, config);
  const std::string& start =
      exists(slot.absolute_path) ? slot.absolute_path : repository.base_folder();
  return exists(join_path(folder.starts_with('/') ? folder : join_path(start, folder), name));
}

}  // namespace

Environment hook_environment(const Slot& slot) {
  Environment environment{{"GIT_WAVE_WORKER", std::to_string(slot.number)},
                          {"GIT_WAVE_WORKTREE", slot.absolute_path}};
  if (!slot.claim) return environment;
  environment.emplace_back("GIT_TASK_BRANCH", slot.claim->branch);
  if (slot.claim->session.empty()) return environment;
  environment.emplace_back("GIT_PLAN_SESSION", slot.claim->session);
  environment.emplace_back("GIT_PLAN_BRANCH", "plan/" + slot.claim->session);
  environment.emplace_back("GIT_TASK_ID", slot.claim->task);
  return environment;
}

std::optional<git::Command> hook_command(const git::Repository& repository,
                                         const git::Config& config, std::string_view name,
                                         const Slot& slot) {
  if (!has_hook(repository, config, name, slot)) return std::nullopt;
  git::Command command;
  command.arguments = {"hook", "run", "--ignore-missing", std::string(name)};
  command.environment = hook_environment(slot);
  command.errors = git::Command::Errors::pass_through;
  command.output = git::Command::Output::to_stderr;
  // No --work-tree: a `git clone` in the hook would take it for its own.
  command.arguments.insert(command.arguments.begin(), "--git-dir=" + slot.admin_folder);
  command.folder = slot.absolute_path;
  return command;
}

int run_hook(const git::Repository& repository, const git::Config& config, std::string_view name,
             const Slot& slot, int folder_fd) {
  auto command = hook_command(repository, config, name, slot);
  if (!command) return 0;
  command->folder.clear();
  if (folder_fd >= 0) {
    command->folder_fd = folder_fd;
  } else {  // after wave-post-remove the slot is gone: the hook runs where the slots stand
    command->arguments.erase(command->arguments.begin());
    command->folder = repository.base_folder();
  }
  return git::run_git(*command).exit_status;
}

}  // namespace gitplan
