#include "session/put_aside.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <vector>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/gitfile.hpp"
#include "git/process.hpp"

namespace gitplan {
namespace {

namespace fs = std::filesystem;

using Paths = std::vector<std::string>;
using PathSet = std::set<std::string>;

/// git in the worktree, on these paths and no patterns; nothing where it fails.
std::string ask(const git::FlowResult& blocked, const Paths& words, const Paths& paths) {
  git::Command command;
  command.folder = blocked.worktree;
  command.arguments = {"--literal-pathspecs", "--no-optional-locks"};
  command.arguments.insert(command.arguments.end(), words.begin(), words.end());
  if (!paths.empty()) command.arguments.emplace_back("--");
  command.arguments.insert(command.arguments.end(), paths.begin(), paths.end());
  const git::Outcome outcome = git::run_git(command);
  return outcome.ok() ? outcome.output : "";
}

PathSet lines_of(const std::string& output) {
  PathSet lines;
  for (const std::string_view line : text::split(output, '\0')) {
    if (!line.empty()) lines.emplace(line);
  }
  return lines;
}

/// Letters of `git ls-files -v`: "S" is skip-worktree, in lower case also assume-unchanged.
bool is_skipped(char letter) { return letter == 'S' || letter == 's'; }
bool is_assumed(char letter) { return letter >= 'a' && letter <= 'z'; }

/// What the index has, by path.
std::map<std::string, char> letters_of(const git::FlowResult& blocked, const Paths& paths) {
  std::map<std::string, char> letters;
  for (const std::string& line : lines_of(ask(blocked, {"ls-files", "-v", "-z"}, paths)))
    letters.emplace(line.substr(2), line.front());
  return letters;
}

/// Those that are only intended to be added: a stash fails for them wherever they stand.
PathSet intended_additions(const git::FlowResult& blocked) {
  return lines_of(ask(blocked, {"diff-files", "--diff-filter=A", "--name-only", "-z"}, {}));
}

bool is_refused(const git::FlowResult& blocked, const Paths& files) {
  if (files.empty()) return false;
  const bool is_safe =
      text::trim(ask(blocked, {"config", "--type=bool", "core.safecrlf"}, {})) == "true";
  git::Command command;
  command.folder = blocked.worktree;
  command.arguments = {"hash-object"};
  if (is_safe) command.arguments.emplace_back("-w");  // only then it is looked at
  command.arguments.emplace_back("--");
  command.arguments.insert(command.arguments.end(), files.begin(), files.end());
  return !git::run_git(command).ok();
}

/// Files that cannot be read, or that a filter or core.safecrlf keeps out of git.
PathSet refused_among(const git::FlowResult& blocked, Paths files) {
  std::erase_if(files, [&](const std::string& path) {
    std::error_code error;
    const auto status = fs::symlink_status(join_path(blocked.worktree, path), error);
    return !fs::is_regular_file(status);
  });
  PathSet refused;
  if (!is_refused(blocked, files)) return refused;
  for (const std::string& file : files) {
    if (is_refused(blocked, {file})) refused.insert(file);
  }
  return refused;
}

/// Git does not see it: a pipe, a socket or a device.
bool is_special(const git::FlowResult& blocked, const std::string& path) {
  std::error_code error;
  return fs::is_other(fs::symlink_status(join_path(blocked.worktree, path), error));
}

bool is_repository(const std::string& folder) {
  return exists(join_path(folder, ".git")) || git::is_bare_repository(folder);
}

/// A submodule that git leaves alone.
bool is_tracked_folder(const git::FlowResult& blocked, const std::string& path) {
  std::error_code error;
  return fs::is_directory(fs::symlink_status(join_path(blocked.worktree, path), error)) &&
         ask(blocked, {"ls-files", "--stage"}, {path}).starts_with("160000 ");
}

/// The topmost folder above the path, or the path, that is a repository of its own, or stands in
/// the place of one.
std::string repository_around(const git::FlowResult& blocked, const std::string& path) {
  for (std::size_t end = path.find('/');; end = path.find('/', end + 1)) {
    std::string folder = path.substr(0, end);
    if (is_repository(join_path(blocked.worktree, folder))) return folder;
    if (end == std::string::npos) return is_tracked_folder(blocked, path) ? path : "";
  }
}

/// The topmost folder of the path that git knows nothing of, where that makes room for whatever
/// comes; the path where it is tracked.
std::string untracked_top(const git::FlowResult& blocked, const std::string& path) {
  for (std::size_t end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1)) {
    std::string folder = path.substr(0, end);
    if (ask(blocked, {"ls-files", "-z"}, {folder}).empty()) return folder;
  }
  return path;
}

/// What a stash leaves, or fails on.
struct Hidden {
  PathSet names;      ///< to be renamed
  PathSet assumed;    ///< then: marks to be taken away
  PathSet skipped;    ///< the same
  PathSet forgotten;  ///< then: to be taken out of the index
  PathSet restored;   ///< then: to be put back as the index has them
};

std::string free_name(const std::string& path) {
  std::string name = path + ".aside";
  for (int count = 2; exists(name); ++count) name = fmt::format("{}.aside-{}", path, count);
  return name;
}

std::string git_on(const git::FlowResult& blocked, std::string_view words, const PathSet& paths) {
  const bool magic = std::ranges::any_of(paths, [](const std::string& path) {
    return path.starts_with(':') || path.find_first_of("*?[\\") != std::string::npos;
  });
  std::string command = fmt::format("git -C {}{} {}", text::shell_quote(blocked.worktree),
                                    magic ? " --literal-pathspecs" : "", words);
  for (const std::string& path : paths) command += " " + text::shell_quote(path);
  return command;
}

/// A repository in a tracked folder, which may be replaced as a whole, goes out of that, and as
/// deep as it was: what belongs to it may be named by how it stands to it.
std::string place_aside(const git::FlowResult& blocked, const std::string& name) {
  const std::string path = join_path(blocked.worktree, name);
  const std::size_t top = name.find('/');
  const bool moves_out =
      top != std::string::npos && (is_repository(path) || is_tracked_folder(blocked, name));
  if (!moves_out) return free_name(path);
  return free_name(join_path(blocked.worktree, name.substr(0, top))) + name.substr(top);
}

/// A submodule's git folder has noted where it stands; empty for all else.
std::string command_to_note_place(const std::string& path, const std::string& aside) {
  const std::string git_folder = git::git_folder_of(path);
  const bool is_submodule = git_folder.find("/modules/") != std::string::npos;
  if (!is_submodule || !exists(git_folder + "/config")) return "";
  return fmt::format(" && git config --file {} core.worktree {}",
                     text::shell_quote(git_folder + "/config"), text::shell_quote(aside));
}

std::string command_to_rename(const git::FlowResult& blocked, const std::string& name) {
  const std::string path = join_path(blocked.worktree, name);
  const std::string aside = place_aside(blocked, name);
  const std::string parent = aside.substr(0, aside.rfind('/'));
  return fmt::format(
      "{}mv {} {}{}",
      exists(parent) ? "" : fmt::format("mkdir -p {} && ", text::shell_quote(parent)),
      text::shell_quote(path), text::shell_quote(aside), command_to_note_place(path, aside));
}

Paths commands_to_rename(const git::FlowResult& blocked, const Hidden& hidden) {
  Paths commands;
  for (const std::string& name : hidden.names) commands.push_back(command_to_rename(blocked, name));
  const auto add = [&](std::string_view words, const PathSet& paths) {
    if (!paths.empty()) commands.push_back(git_on(blocked, words, paths));
  };
  add("update-index --no-assume-unchanged --", hidden.assumed);
  add("update-index --no-skip-worktree --", hidden.skipped);
  add("rm -q -f --cached --", hidden.forgotten);
  add("checkout -q --", hidden.restored);
  return commands;
}

/// Takes them from `paths`.
Hidden take_hidden(const git::FlowResult& blocked, Paths& paths) {
  Hidden hidden;
  const auto letters = letters_of(blocked, paths);
  const PathSet refused = refused_among(blocked, paths);
  const PathSet intended = intended_additions(blocked);
  std::erase_if(paths, [&](const std::string& path) {
    const std::string repository = repository_around(blocked, path);
    const auto found = letters.find(path);
    const char letter = found == letters.end() ? '?' : found->second;
    const bool is_hidden = is_skipped(letter) || is_assumed(letter) || refused.contains(path) ||
                           intended.contains(path) || is_special(blocked, path);
    if (repository.empty() && !is_hidden) return false;
    const std::string name = untracked_top(blocked, repository.empty() ? path : repository);
    if (exists(join_path(blocked.worktree, name))) hidden.names.insert(name);
    if (is_assumed(letter)) hidden.assumed.insert(path);
    if (is_skipped(letter)) hidden.skipped.insert(path);
    if (intended.contains(path))
      hidden.forgotten.insert(path);
    else if (found != letters.end() && repository.empty())
      hidden.restored.insert(path);
    return true;
  });
  std::erase_if(paths, [&](const std::string& path) {
    return std::ranges::any_of(
        hidden.names, [&](const std::string& name) { return path.starts_with(name + "/"); });
  });
  if (!paths.empty()) hidden.forgotten = intended;
  return hidden;
}

/// A stash takes ignored files only where they are named.
std::string stash(const git::FlowResult& blocked, const Paths& paths, bool may_take_all) {
  std::string names;
  for (const auto& path : paths) names += path + '\0';
  git::Command ignored;
  ignored.arguments = {"check-ignore", "-z", "--stdin"};
  ignored.folder = blocked.worktree;
  ignored.input = names;
  if (may_take_all && git::run_git(ignored).output.empty())
    return git_on(blocked, "stash --include-untracked", {});
  return git_on(blocked, "stash push --all --", PathSet(paths.begin(), paths.end()));
}

}  // namespace

std::string command_to_put_aside(const git::FlowResult& blocked) {
  Paths paths = blocked.paths;
  Paths commands = commands_to_rename(blocked, take_hidden(blocked, paths));
  if (!paths.empty()) commands.push_back(stash(blocked, paths, commands.empty()));
  return text::join(commands, " && ");
}

}  // namespace gitplan
