#include "git/checkout.hpp"

#include <filesystem>

#include "git/gitfile.hpp"

namespace gitplan::git {

namespace fs = std::filesystem;

bool belongs(const Checkout& checkout) {
  return has_git_folder(checkout.path, checkout.admin_folder);
}

Command git_in(const Checkout& checkout, std::vector<std::string> arguments) {
  Command command;
  command.arguments = {"--git-dir=" + checkout.admin_folder, "--work-tree=" + checkout.path};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.folder = checkout.path;
  return command;
}

Command git_as_user(const Checkout& checkout, std::vector<std::string> arguments) {
  Command command;
  if (belongs(checkout)) {
    command.arguments = std::move(arguments);
    command.folder = checkout.path;
  } else {  // core.worktree
    command = git_in(checkout, std::move(arguments));
  }
  command.environment = hook_environment();
  const std::string parent = fs::path(checkout.path).parent_path().string();
  command.environment.emplace_back("GIT_CEILING_DIRECTORIES", parent);
  return command;
}

std::vector<std::pair<std::string, std::string>> hook_environment() {
  return {{"LC_ALL", "C.UTF-8"}, {"LANGUAGE", ""}};
}

bool met_a_lock(const Outcome& outcome) {
  if (outcome.ok()) return false;
  return outcome.errors.find(".lock': File exists") != std::string::npos;
}

}  // namespace gitplan::git
