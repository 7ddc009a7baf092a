#include "git/process.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/child.hpp"
#include "git/complaint.hpp"

namespace gitplan::git {
namespace {

// `git rev-parse --local-env-vars`, and the quarantine of a push. GIT_CONFIG_PARAMETERS and
// GIT_CONFIG_COUNT (with KEY_n, VALUE_n) stand in git's list too, but stay: they carry `git -c
// key=value`.
constexpr std::array<std::string_view, 15> kLocalVariables = {"GIT_ALTERNATE_OBJECT_DIRECTORIES",
                                                              "GIT_COMMON_DIR",
                                                              "GIT_CONFIG",
                                                              "GIT_DIR",
                                                              "GIT_GRAFT_FILE",
                                                              "GIT_IMPLICIT_WORK_TREE",
                                                              "GIT_INDEX_FILE",
                                                              "GIT_INTERNAL_SUPER_PREFIX",
                                                              "GIT_NO_REPLACE_OBJECTS",
                                                              "GIT_OBJECT_DIRECTORY",
                                                              "GIT_PREFIX",
                                                              "GIT_QUARANTINE_PATH",
                                                              "GIT_REPLACE_REF_BASE",
                                                              "GIT_SHALLOW_FILE",
                                                              "GIT_WORK_TREE"};

using Variables = std::vector<std::pair<std::string, std::string>>;

bool names(const Variables& variables, std::string_view name) {
  return std::ranges::any_of(variables, [&](const auto& each) { return each.first == name; });
}

/// Its processes, and what they run, are waited for by this one, whatever locks it holds.
std::pair<std::string, std::string> waited_for() {
  const char* before = std::getenv(waited_for_by);
  return {waited_for_by, fmt::format("{}{} ", before != nullptr ? before : "", getpid())};
}

std::vector<std::string> environment_of(const Command& command, Variables ours) {
  const bool parsed =
      command.output == Command::Output::capture || command.errors == Command::Errors::capture;
  if (parsed && !names(ours, "LC_ALL")) ours.emplace_back("LC_ALL", "C");
  std::vector<std::string> result;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    const std::string_view name = text.substr(0, text.find('='));
    if (std::ranges::find(kLocalVariables, name) != kLocalVariables.end()) continue;
    if (!names(ours, name)) result.emplace_back(text);
  }
  for (const auto& [name, value] : ours) result.push_back(fmt::format("{}={}", name, value));
  return result;
}

std::string path_variable(const Command& command) {
  for (const auto& [name, value] : command.environment) {
    if (name == "PATH") return value;
  }
  const char* path = std::getenv("PATH");
  return path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
}

bool is_program(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         access(path.c_str(), X_OK) == 0;
}

// The program's path, absolute since the child changes its folder first.
std::string find_program(const Command& command, const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  const std::string path = path_variable(command);
  for (const std::string_view folder : text::split(path, ':')) {
    std::string candidate = join_path(folder.empty() ? "." : folder, name);
    if (!is_program(candidate)) continue;
    if (candidate.front() == '/') return candidate;
    std::error_code ignored;
    return (std::filesystem::current_path(ignored) / candidate).string();
  }
  if (name == "git") throw Error(ErrorKind::fatal, "git is not on PATH");
  throw Error(ErrorKind::fatal, fmt::format("'{}' is not on PATH", name));
}

Outcome run(const Command& command, std::vector<std::string> words) {
  Child child;
  child.program = find_program(command, words.front());
  child.arguments = std::move(words);
  Variables ours = command.environment;
  ours.push_back(waited_for());
  child.environment = environment_of(command, std::move(ours));
  child.folder_fd = command.folder_fd;
  child.folder = command.folder;
  child.input = command.input;
  child.capture_output = command.output == Command::Output::capture;
  child.capture_errors = command.errors == Command::Errors::capture;
  child.note_fd = command.note_fd;
  child.patience = command.patience;
  ChildResult result = run_child(child);
  return {result.exit_status, std::move(result.output), std::move(result.errors), result.was_ended};
}

// The subcommand: the first word that is neither an option of git itself nor such an option's
// value.
std::string_view verb_of(const Command& command) {
  const std::vector<std::string>& words = command.arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word == "-c" || word == "-C") {
      ++i;
    } else if (!word.starts_with('-')) {
      return word;
    }
  }
  return "git";
}

}  // namespace

bool is_waited_for_by(int pid) {
  const char* all = std::getenv(waited_for_by);
  if (all == nullptr) return false;
  const auto pids = text::split(all, ' ');
  return std::ranges::find(pids, std::to_string(pid)) != pids.end();
}

std::vector<std::string> child_environment(const Variables& variables) {
  Command command;
  command.environment = variables;
  command.errors = Command::Errors::pass_through;
  command.output = Command::Output::to_stderr;
  return environment_of(command, variables);
}

Outcome run_git(const Command& command) {
  std::vector<std::string> words{"git"};
  words.insert(words.end(), command.arguments.begin(), command.arguments.end());
  return run(command, std::move(words));
}

Outcome run_program(const Command& command) {
  if (command.arguments.empty()) throw Error(ErrorKind::fatal, "no program to run");
  return run(command, command.arguments);
}

std::string run_git_checked(const Command& command) {
  Outcome outcome = run_git(command);
  if (outcome.ok()) return std::move(outcome.output);
  throw complaint(fmt::format("git {}", verb_of(command)), outcome);
}

std::string git_program() { return find_program({}, "git"); }

std::string first_error_line(const Outcome& outcome) {
  std::string_view first;
  for (const std::string_view line : text::split(outcome.errors, '\n')) {
    // Hooks, traces and hints may speak before git does.
    for (const std::string_view prefix : {"fatal: ", "error: "}) {
      if (line.starts_with(prefix)) return text::printable(text::trim(line.substr(prefix.size())));
    }
    if (first.empty()) first = text::trim(line);
  }
  return text::printable(first);
}

}  // namespace gitplan::git
