#include "session/remotes.hpp"

#include <fmt/format.h>

#include <vector>

#include "base/text.hpp"
#include "git/process.hpp"
#include "git/refs.hpp"
#include "git/repository.hpp"
#include "session/workspace.hpp"

namespace gitplan {
namespace {

constexpr std::string_view remotes = "refs/remotes/";

/// "main" of "refs/remotes/origin/main", which HEAD of that remote is.
std::optional<std::string> head_of(const git::Repository& repository, const std::string& remote) {
  const std::string prefix = fmt::format("{}{}/", remotes, remote);
  const auto target = git::symbolic_target(repository, prefix + "HEAD");
  if (!target || !target->starts_with(prefix)) return std::nullopt;
  return target->substr(prefix.size());
}

/// The likeliest first; git is only asked where these two do not answer.
std::vector<std::string> usual_remotes(const Workspace& workspace) {
  std::vector<std::string> names;
  if (auto preferred = workspace.config().text("checkout.defaultRemote"))
    names.push_back(*std::move(preferred));
  names.emplace_back("origin");
  return names;
}

std::optional<std::string> only_remote(const git::Repository& repository) {
  if (git::list_refs(repository, std::string(remotes)).empty()) return std::nullopt;
  const auto names = remotes_of(repository);
  return names.size() == 1 ? std::optional(*names.begin()) : std::nullopt;
}

}  // namespace

std::set<std::string> remotes_of(const git::Repository& repository) {
  git::Command command;
  command.arguments = {"--git-dir=" + repository.git_dir(), "remote"};
  const auto outcome = git::run_git(command);
  std::set<std::string> names;
  for (const std::string_view line : text::split(outcome.output, '\n')) {
    if (!line.empty()) names.emplace(line);
  }
  return names;
}

std::optional<std::string> remote_head(const Workspace& workspace) {
  const git::Repository& repository = workspace.repository();
  for (const std::string& remote : usual_remotes(workspace)) {
    if (auto head = head_of(repository, remote)) return head;
  }
  const auto only = only_remote(repository);
  return only ? head_of(repository, *only) : std::nullopt;
}

std::optional<std::string> remote_branch(const Workspace& workspace, const std::string& branch) {
  const git::Repository& repository = workspace.repository();
  std::optional<std::string> found;
  const auto look_at = [&](const std::string& remote) {
    if (!found && git::read_ref(repository, fmt::format("{}{}/{}", remotes, remote, branch)))
      found = fmt::format("{}/{}", remote, branch);
  };
  for (const std::string& remote : usual_remotes(workspace)) look_at(remote);
  if (!found) {
    if (const auto only = only_remote(repository)) look_at(*only);
  }
  return found;
}

}  // namespace gitplan
