#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "commands/doctor/checks.hpp"
#include "git/process.hpp"

namespace gitplan::commands {
namespace {

constexpr std::array<std::string_view, 3> programs = {"plan", "task", "wave"};
/// `git merge-tree --write-tree`.
constexpr std::array<int, 2> oldest_git = {2, 38};

std::string ask(std::vector<std::string> arguments) {
  git::Command command;
  command.arguments = std::move(arguments);
  return std::string(text::trim(git::run_git(command).output));
}

void check_git(Problems& problems) {
  std::string version = ask({"version"});
  constexpr std::string_view opening = "git version ";
  if (version.starts_with(opening)) version.erase(0, opening.size());
  std::array<int, 2> parts{};
  if (std::sscanf(version.c_str(), "%d.%d", parts.data(), &parts[1]) != 2 || parts >= oldest_git)
    return;
  problems.push_back({"git_too_old",
                      fmt::format("git is {}; {}.{} or newer is wanted", text::printable(version),
                                  oldest_git[0], oldest_git[1]),
                      "to upgrade it, as root, run: apt-get install git"});
}

std::string own_folder() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::string(".") : self.parent_path().string();
}

/// Every program of this name that git would find, first first.
std::vector<std::string> find_all(const std::string& name) {
  const char* variable = std::getenv("PATH");
  const std::string path = ask({"--exec-path"}) + ":" + (variable != nullptr ? variable : "");
  std::vector<std::string> found;
  std::set<std::string> seen;
  for (const std::string_view folder : text::split(path, ':')) {
    const std::string file = join_path(folder.empty() ? "." : folder, name);
    if (::access(file.c_str(), X_OK) != 0) continue;
    std::error_code error;
    const std::string real = std::filesystem::canonical(file, error).string();
    if (!error && !std::filesystem::is_directory(real, error) && seen.insert(real).second)
      found.push_back(file);
  }
  return found;
}

std::string version_of(const std::string& program) {
  git::Command command;
  command.arguments = {program, "--version"};
  try {
    const auto outcome = git::run_program(command);
    const std::string_view line = text::trim(outcome.output);
    const auto space = line.rfind(' ');
    if (!outcome.ok() || space == std::string_view::npos) return "unknown";
    return text::printable(line.substr(space + 1));
  } catch (const Error&) {
    return "unknown";
  }
}

void check_program(std::string_view program, Problems& problems) {
  const std::string name = fmt::format("git-{}", program);
  const auto found = find_all(name);
  if (found.empty()) {
    problems.push_back(
        {"not_on_path",
         fmt::format("'{}' is not on PATH: git does not know 'git {}'", name, program),
         fmt::format("to add its folder, run: export PATH={}:\"$PATH\"",
                     text::shell_quote(own_folder()))});
    return;
  }
  if (const std::string version = version_of(found.front()); version != GITPLAN_VERSION) {
    problems.push_back({"version_mismatch",
                        fmt::format("'{}' is version {}, this program is {}",
                                    text::printable(found.front()), version, GITPLAN_VERSION),
                        fmt::format("to see all of them, run: type -a {}", name)});
  }
}

void check_alias(std::string_view program, bool on_path, Problems& problems) {
  const std::string key = fmt::format("alias.{}", program);
  const std::string alias = ask({"config", "--get", key});
  if (alias.empty()) return;
  const std::string origin = ask({"config", "--show-scope", "--get", key});
  const std::string scope = origin.substr(0, origin.find_first_of(" \t"));
  const std::string option =
      scope == "global" || scope == "system" || scope == "local" ? "--" + scope + " " : "";
  problems.push_back({"alias",
                      on_path ? fmt::format("{} is never used: the program goes before it", key)
                              : fmt::format("{} takes the place of 'git {}'", key, program),
                      fmt::format("to remove it, run: git config {}--unset-all {}", option, key)});
}

}  // namespace

void check_machine(Problems& problems) {
  try {
    git::git_program();
  } catch (const Error& error) {
    problems.push_back({"git_missing", error.what(), "as root, run: apt-get install git"});
    return;
  }
  check_git(problems);
  for (const std::string_view program : programs) {
    const std::size_t before = problems.size();
    check_program(program, problems);
    const bool on_path = problems.size() == before || problems.back().code != "not_on_path";
    check_alias(program, on_path, problems);
  }
}

}  // namespace gitplan::commands
