#include "session/named_commit.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/process.hpp"
#include "git/refs.hpp"
#include "session/workspace.hpp"

namespace gitplan {

namespace {

bool is_plain_name(std::string_view word) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/";
  return !word.empty() && word.front() != '-' && word.front() != '/' &&
         word.find_first_not_of(plain) == std::string_view::npos;
}

/// The tip of a local branch where git, too, can take the word for nothing else: it looks for
/// objects, then in its own folder, refs/ and refs/tags/ before refs/heads/.
std::optional<git::Oid> tip_of_branch(const git::Repository& repository,
                                      const std::string& word) try {
  if (!is_plain_name(word) || git::Oid::parse(word)) return std::nullopt;
  if (exists(join_path(repository.git_dir(), word)) ||
      exists(join_path(repository.common_dir(), word)))
    return std::nullopt;
  for (const std::string_view before : {"refs/", "refs/tags/"}) {
    if (git::read_ref(repository, fmt::format("{}{}", before, word))) return std::nullopt;
  }
  const auto tip = git::read_ref(repository, "refs/heads/" + word);
  return tip && git::is_commit(repository, *tip) ? tip : std::nullopt;
} catch (const Error&) {
  return std::nullopt;  // a ref that is broken, or leads to nothing: git says what it is
}

/// A branch, here or of a remote, or a tag.
std::optional<std::string> near_branch(const git::Repository& repository, const std::string& word) {
  std::vector<std::string> names;
  for (const std::string_view folder : {"refs/heads/", "refs/remotes/", "refs/tags/"}) {
    for (const auto& ref : git::list_refs(repository, std::string(folder)))
      names.push_back(ref.name.substr(folder.size()));
  }
  return text::did_you_mean(word, names);
}

}  // namespace

git::Oid require_commit(const Workspace& workspace, const std::string& word) {
  if (const auto tip = tip_of_branch(workspace.repository(), word)) return *tip;
  git::Command command;
  command.arguments = {"rev-parse", "--verify", "--quiet", "--end-of-options", word + "^{commit}"};
  command.folder = workspace.repository().worktree().value_or(workspace.repository().git_dir());
  const auto outcome = git::run_git(command);
  const auto commit = git::Oid::parse(text::trim(outcome.output));
  if (word.empty() || !outcome.ok() || !commit) {
    const auto near = near_branch(workspace.repository(), word);
    throw Error(ErrorKind::not_found,
                fmt::format("'{}' is no commit{}", text::printable(word),
                            near ? fmt::format("; did you mean '{}'?", *near) : ""),
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
    // "heads/main", too
    const bool is_longer = ("refs/" + word).starts_with(prefix);
    if (git::read_ref(workspace.repository(),
                      fmt::format("{}{}", is_longer ? "refs/" : prefix, word)))
      return fmt::format("{} '{}'", kind, text::printable(word));
  }
  return fmt::format("commit '{}'", commit.abbreviated());
}

}  // namespace gitplan
