#include "git/checkout.hpp"

#include <filesystem>
#include <optional>

#include "base/error.hpp"
#include "base/fd.hpp"

namespace gitplan::git {

namespace fs = std::filesystem;

std::string admin_folder_of(const std::string& path) {
  std::string dot_git = path + "/.git";
  std::error_code error;
  if (fs::is_directory(dot_git, error)) return dot_git;
  std::string content;
  try {
    content = read_file(dot_git, 1U << 16U).value_or("");
  } catch (const Error&) {
    return "";
  }
  constexpr std::string_view kStart = "gitdir: ";
  if (!content.starts_with(kStart)) return "";
  content.erase(0, kStart.size());
  while (content.ends_with('\n') || content.ends_with('\r')) content.pop_back();
  return fs::path(content).is_absolute() ? content : path + "/" + content;
}

bool belongs(const Checkout& checkout) {
  const std::string admin = admin_folder_of(checkout.path);
  std::error_code error;
  return !admin.empty() && fs::equivalent(admin, checkout.admin_folder, error) && !error;
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
