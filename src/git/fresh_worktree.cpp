#include "git/fresh_worktree.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/checkout.hpp"
#include "git/hooks_folder.hpp"

namespace gitplan::git {
namespace {

/// What git adds to the environment of its hooks, but for those variables that name a repository.
std::vector<std::pair<std::string, std::string>> environment_of_git() {
  Command ask;
  ask.arguments = {"--exec-path"};
  const std::string output = run_git_checked(ask);
  const std::string programs(text::trim(output));
  const char* variable = std::getenv("PATH");
  std::string path = variable != nullptr ? variable : "";
  if (!path.starts_with(programs + ":")) path.insert(0, programs + ":");
  return {{"GIT_EXEC_PATH", programs}, {"GIT_PREFIX", ""}, {"PATH", path}};
}

}  // namespace

std::vector<std::string> words_to_fill() {
  return {"reset", "--hard", "--no-recurse-submodules", "--quiet"};
}

Command command_to_fill() {
  Command command;
  command.environment = hook_environment();
  return command;
}

std::optional<std::string> run_post_checkout(const Repository& repository, const Config& config,
                                             int folder_fd, const Oid& checked_out) try {
  const auto hook = find_hook(repository, config, "post-checkout");
  if (!hook) return std::nullopt;
  Command command;
  command.arguments = {*hook, Oid{}.hex(), checked_out.hex(), "1"};
  command.environment = environment_of_git();
  command.folder_fd = folder_fd;
  command.errors = Command::Errors::pass_through;
  command.output = Command::Output::to_stderr;
  const int status = run_program(command).exit_status;
  if (status == 0) return std::nullopt;
  return fmt::format("the post-checkout hook failed with exit status {}", status);
} catch (const Error& error) {
  return fmt::format("the post-checkout hook failed: {}", error.what());
}

}  // namespace gitplan::git
