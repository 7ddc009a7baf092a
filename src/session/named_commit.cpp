#include "session/named_commit.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/process.hpp"
#include "git/refs.hpp"
#include "session/workspace.hpp"

namespace gitplan {

git::Oid require_commit(const Workspace& workspace, const std::string& word) {
  git::Command command;
  command.arguments = {"rev-parse", "--verify", "--quiet", "--end-of-options", word + "^{commit}"};
  command.folder = workspace.repository().worktree().value_or(workspace.repository().git_dir());
  const auto outcome = git::run_git(command);
  const auto commit = git::Oid::parse(text::trim(outcome.output));
  if (word.empty() || !outcome.ok() || !commit) {
    throw Error(ErrorKind::not_found, fmt::format("'{}' is no commit", text::printable(word)),
                Hint{"to see the branches there are, run: git branch --all"});
  }
  return *commit;
}

std::string describe_commit(const Workspace& workspace, const std::string& word,
                            const git::Oid& commit) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kinds = {{
      {"refs/tags/", "tag"},
      {"refs/heads/", "branch"},
      {"refs/remotes/", "remote-tracking branch"},
  }};
  for (const auto& [prefix, kind] : kinds) {
    if (git::read_ref(workspace.repository(), fmt::format("{}{}", prefix, word)))
      return fmt::format("{} '{}'", kind, text::printable(word));
  }
  return fmt::format("commit '{}'", commit.abbreviated());
}

}  // namespace gitplan
