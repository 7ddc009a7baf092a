#include "slots/lost_commits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/process.hpp"
#include "git/refs.hpp"
#include "git/repository.hpp"
#include "slots/git_folder_work.hpp"

namespace gitplan {
namespace {

using Oids = std::unordered_set<git::Oid, git::OidHash>;

constexpr std::size_t oid_size = 40;

std::optional<git::Oid> oid_at(std::string_view line, std::size_t place) {
  if (line.size() < place + oid_size) return std::nullopt;
  const auto oid = git::Oid::parse(line.substr(place, oid_size));
  return oid && !oid->is_zero() ? oid : std::nullopt;
}

/// Every commit that HEAD of this worktree has been at, newest first; then what else its git folder
/// leads to.
std::vector<git::Oid> past_commits(const Slot& slot) {
  std::vector<git::Oid> heads;
  const std::string log = read_file(slot.admin_folder + "/logs/HEAD").value_or("");
  for (const std::string_view line : text::split(log, '\n')) {
    if (const auto commit = oid_at(line, oid_size + 1)) heads.push_back(*commit);
  }
  std::reverse(heads.begin(), heads.end());
  for (const git::Oid& commit : oids_of_git_folder(slot.admin_folder)) heads.push_back(commit);
  return heads;
}

/// Commits that a branch has in its reflog, as left or as reached.
Oids remembered_by(const git::Repository& repository, const std::string& branch) {
  if (branch.empty()) return {};
  const std::string path = fmt::format("{}/logs/refs/heads/{}", repository.common_dir(), branch);
  const std::string log = read_file(path).value_or("");
  Oids commits;
  for (const std::string_view line : text::split(log, '\n')) {
    for (const std::size_t place : {std::size_t{0}, oid_size + 1}) {
      if (const auto commit = oid_at(line, place)) commits.insert(*commit);
    }
  }
  return commits;
}

/// Of `commits`, those that no ref reaches and none of the others does.
std::vector<git::Oid> unreachable(const git::Repository& repository,
                                  const std::vector<git::Oid>& commits) {
  std::string input;
  for (const auto& commit : commits) input += commit.hex() + '\n';
  git::Command list;
  list.arguments = {"--git-dir=" + repository.common_dir(),
                    "rev-list",
                    "--parents",
                    "--topo-order",
                    "--ignore-missing",
                    "--stdin",
                    "--not",
                    "--exclude=refs/bisect/*",
                    "--exclude=refs/worktree/*",
                    "--glob=refs/*"};
  list.input = input;
  const auto output = git::run_git_checked(list);
  std::vector<git::Oid> lost;
  Oids parents;
  for (const std::string_view line : text::split(output, '\n')) {
    const auto oids = text::split(line, ' ');
    const auto commit = git::Oid::parse(oids.front());
    if (!commit) continue;
    if (!parents.contains(*commit)) lost.push_back(*commit);
    for (std::size_t i = 1; i < oids.size(); ++i) {
      if (const auto parent = git::Oid::parse(oids[i])) parents.insert(*parent);
    }
  }
  return lost;
}

/// Leaves out what the branch has along its first parents, as most of what its reflog has: no look
/// at all the refs is needed for it.
void leave_out_own(const git::Repository& repository, const std::string& branch,
                   Oids& commits) try {
  auto next = git::read_ref(repository, "refs/heads/" + branch);
  for (std::size_t steps = commits.size(); next && steps > 0 && !commits.empty(); --steps) {
    commits.erase(*next);
    const auto parents = git::read_commit(repository, *next).parents;
    next = parents.empty() ? std::nullopt : std::optional(parents.front());
  }
} catch (const Error&) {
  // Git looks at what is left.
}

}  // namespace

std::vector<git::Oid> lost_commits(const git::Repository& repository, const Slot& slot,
                                   const std::optional<git::Oid>& head) {
  const bool on_branch = !slot.branch.empty() && !slot.detached;
  // They are not lost with the slot.
  const Oids remembered = remembered_by(repository, slot.branch);
  std::vector<git::Oid> candidates;
  if (!on_branch && head && !remembered.contains(*head)) candidates.push_back(*head);
  Oids seen;
  for (const auto& past : past_commits(slot)) {
    const bool is_new = past != head && seen.insert(past).second && !remembered.contains(past);
    if (is_new && git::object_exists(repository, past)) candidates.push_back(past);
  }
  return candidates.empty() ? candidates : unreachable(repository, candidates);
}

std::vector<LoggedCommit> only_in_reflogs(const git::Repository& repository,
                                          const std::vector<std::string>& branches) {
  std::vector<LoggedCommit> logged;
  std::vector<git::Oid> candidates;
  for (const std::string& branch : branches) {
    Oids commits = remembered_by(repository, branch);
    leave_out_own(repository, branch, commits);
    for (const git::Oid& commit : commits) {
      if (!git::object_exists(repository, commit)) continue;
      logged.push_back({branch, commit});
      candidates.push_back(commit);
    }
  }
  if (candidates.empty()) return logged;
  const auto lost = unreachable(repository, candidates);
  std::erase_if(logged, [left = Oids(lost.begin(), lost.end())](const LoggedCommit& one) mutable {
    return left.erase(one.commit) == 0;
  });
  return logged;
}

}  // namespace gitplan
