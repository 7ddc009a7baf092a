// What the history says about two commits. libgit2 knows nothing of shallow clones (at the cut it
// fails, and leaks): there, and where it fails otherwise, git is asked.
#include <fmt/format.h>

#include <set>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/process.hpp"
#include "git/repository_state.hpp"

namespace gitplan::git {
namespace {

/// Commits at which a shallow clone was cut; none where it was not.
const std::set<Oid>& shallow_commits(const Repository& repository) {
  auto& shallow = repository.state().shallow;
  if (shallow) return *shallow;
  shallow.emplace();
  const std::string content = read_file(join_path(repository.common_dir(), "shallow")).value_or("");
  for (const std::string_view line : text::split(content, '\n')) {
    if (const auto id = Oid::parse(line)) shallow->insert(*id);
  }
  return *shallow;
}

bool is_shallow(const Repository& repository) { return !shallow_commits(repository).empty(); }

Outcome ask_git(const Repository& repository, std::vector<std::string> words) {
  Command command;
  words.insert(words.begin(), git_dir_option(repository));
  command.arguments = std::move(words);
  return run_git(command);
}

[[noreturn]] void throw_complaint(const Outcome& outcome) {
  throw Error(ErrorKind::fatal,
              fmt::format("cannot walk the history: {}", first_error_line(outcome)),
              Hint{"to find what is damaged, run: git fsck"});
}

/// The ids of base..tip, newest first; nothing if libgit2 cannot walk there.
std::optional<std::vector<Oid>> walk(const Repository& repository, const Oid& base, const Oid& tip,
                                     std::size_t limit, unsigned int order) {
  if (is_shallow(repository)) return std::nullopt;
  RevwalkHandle walker;
  check_libgit2(git_revwalk_new(out(walker), repository.handle()), "cannot walk the history");
  const git_oid from = to_libgit2(tip);
  const git_oid hidden = to_libgit2(base);
  git_revwalk_sorting(walker.get(), order);
  if (git_revwalk_push(walker.get(), &from) < 0 || git_revwalk_hide(walker.get(), &hidden) < 0) {
    return std::nullopt;
  }
  std::vector<Oid> commits;
  git_oid next;
  while (commits.size() < limit) {
    const int result = git_revwalk_next(&next, walker.get());
    if (result == GIT_ITEROVER) break;
    if (result < 0) return std::nullopt;
    commits.push_back(from_libgit2(next));
  }
  return commits;
}

std::vector<Oid> list_with_git(const Repository& repository, const Oid& base, const Oid& tip,
                               int limit) {
  const Outcome outcome =
      ask_git(repository, {"rev-list", "--topo-order", fmt::format("--max-count={}", limit),
                           tip.hex(), "^" + base.hex()});
  if (!outcome.ok()) throw_complaint(outcome);
  std::vector<Oid> commits;
  for (const std::string_view line : text::split(outcome.output, '\n')) {
    if (const auto id = Oid::parse(line)) commits.push_back(*id);
  }
  return commits;
}

}  // namespace

bool is_shallow_boundary(const Repository& repository, const Oid& commit) {
  return shallow_commits(repository).contains(commit);
}

bool is_ancestor(const Repository& repository, const Oid& ancestor, const Oid& descendant) {
  if (ancestor == descendant) return true;
  const git_oid above = to_libgit2(ancestor);
  const git_oid below = to_libgit2(descendant);
  const int result = is_shallow(repository)
                         ? GIT_ERROR
                         : git_graph_descendant_of(repository.handle(), &below, &above);
  if (result >= 0) return result == 1;
  const Outcome outcome =
      ask_git(repository, {"merge-base", "--is-ancestor", ancestor.hex(), descendant.hex()});
  if (outcome.exit_status > 1) throw_complaint(outcome);
  return outcome.ok();
}

int commits_ahead(const Repository& repository, const Oid& base, const Oid& tip, int limit) {
  if (base == tip || limit <= 0) return 0;
  const auto commits = walk(repository, base, tip, static_cast<std::size_t>(limit), GIT_SORT_NONE);
  if (commits) return static_cast<int>(commits->size());
  return static_cast<int>(list_with_git(repository, base, tip, limit).size());
}

std::vector<Oid> commits_between(const Repository& repository, const Oid& base, const Oid& tip,
                                 int limit) {
  if (base == tip || limit <= 0) return {};
  auto commits = walk(
      repository, base, tip, static_cast<std::size_t>(limit),
      static_cast<unsigned int>(GIT_SORT_TOPOLOGICAL) | static_cast<unsigned int>(GIT_SORT_TIME));
  return commits ? *std::move(commits) : list_with_git(repository, base, tip, limit);
}

std::optional<Oid> merge_base(const Repository& repository, const Oid& a, const Oid& b) {
  if (a == b) return a;
  const git_oid first = to_libgit2(a);
  const git_oid second = to_libgit2(b);
  git_oid base;
  const int result = is_shallow(repository)
                         ? GIT_ERROR
                         : git_merge_base(&base, repository.handle(), &first, &second);
  if (result == 0) return from_libgit2(base);
  if (result == GIT_ENOTFOUND && libgit2_error_class() == GIT_ERROR_MERGE) return std::nullopt;
  const Outcome outcome = ask_git(repository, {"merge-base", a.hex(), b.hex()});
  if (outcome.exit_status > 1) throw_complaint(outcome);
  return outcome.ok() ? Oid::parse(text::trim(outcome.output)) : std::nullopt;
}

}  // namespace gitplan::git
