#include "session/branch_work.hpp"

#include <algorithm>
#include <unordered_set>

#include "git/diff_stat.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "session/flow_walk.hpp"
#include "session/trial_merge.hpp"
#include "session/workspace.hpp"
#include "store/ledger.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

bool changes_more_than_metadata(const git::Repository& repository, const git::Commit& commit) {
  if (commit.parents.empty()) return true;
  const auto before = git::tree_of(repository, commit.parents.front());
  const auto changes =
      git::changes_between(repository, before, commit.tree, ref_names::metadata_folder);
  return !changes || !changes->empty();
}

ref_names::TaskRef ref_of(const PlanView& view, TaskIndex index) {
  return {view.session(), task_number(view.task(index).id).value_or(0)};
}

/// The commit that brought a task's metadata file.
class Start {
 public:
  Start(const git::Repository& repository, const ref_names::TaskRef& task)
      : ledger_(repository, task.session), number_(task.task) {}

  [[nodiscard]] bool is(const git::Commit& commit) const {
    return is_before(commit.id) &&
           std::none_of(commit.parents.begin(), commit.parents.end(),
                        [this](const git::Oid& parent) { return is_before(parent); });
  }

  /// The commit is the one, or comes after it.
  [[nodiscard]] bool is_before(const git::Oid& commit) const {
    return ledger_.file_in(commit, number_).has_value();
  }

 private:
  Ledger ledger_;
  std::uint32_t number_;
};

using Commits = std::unordered_set<git::Oid, git::OidHash>;

/// Those of `commits` that come before `commit`.
Commits history_within(const git::Repository& repository, const Commits& commits,
                       const git::Oid& commit) {
  Commits history;
  std::vector<git::Oid> unread{commit};
  while (!unread.empty()) {
    const git::Commit one = git::read_commit(repository, unread.back());
    unread.pop_back();
    for (const git::Oid& parent : one.parents) {
      if (commits.contains(parent) && history.insert(parent).second) unread.push_back(parent);
    }
  }
  return history;
}

/// The commits of a task's branch that flow does not have, newest first. What the task was started
/// from is nobody's work for it: flow lacks it where it was rewritten, and seems to lack it where
/// commits are dated before their parents.
class Range {
 public:
  Range(const git::Repository& repository, const ref_names::TaskRef& task, const git::Oid& flow,
        const git::Oid& tip)
      : repository_(&repository),
        start_(repository, task),
        commits_(git::commits_between(repository, flow, tip)),
        all_(commits_.begin(), commits_.end()) {
    const auto start = std::find_if(commits_.rbegin(), commits_.rend(),
                                    [this](const git::Oid& commit) { return is_start(commit); });
    has_start_ = start != commits_.rend();
    if (!has_start_) return;
    const Commits before = history_within(repository, all_, *start);
    std::erase_if(commits_, [&](const git::Oid& commit) { return before.contains(commit); });
  }

  [[nodiscard]] int size() const { return static_cast<int>(commits_.size()); }

  /// The commit that brought the metadata file is one of them: usually the oldest.
  [[nodiscard]] bool has_start() const { return has_start_; }

  /// Anything but merges of what flow has already.
  [[nodiscard]] bool has_work() const {
    return any_but_merges_of_flow([](const git::Commit&) { return true; });
  }

  /// The same, and more than the metadata file, whose commit may have been amended.
  [[nodiscard]] bool has_own_work() const {
    return any_but_merges_of_flow([this](const git::Commit& commit) {
      return !start_.is(commit) || changes_more_than_metadata(*repository_, commit);
    });
  }

 private:
  template <class Counts>
  [[nodiscard]] bool any_but_merges_of_flow(const Counts& counts) const {
    return std::any_of(commits_.begin(), commits_.end(), [&](const git::Oid& id) {
      const git::Commit commit = git::read_commit(*repository_, id);
      const auto& parents = commit.parents;
      const bool takes_from_flow = std::any_of(
          parents.begin(), parents.end(), [&](const auto& one) { return !all_.contains(one); });
      return (parents.size() < 2 || !takes_from_flow) && counts(commit);
    });
  }

  [[nodiscard]] bool is_start(const git::Oid& commit) const {
    return start_.is_before(commit) && start_.is(git::read_commit(*repository_, commit));
  }

  const git::Repository* repository_;
  Start start_;
  std::vector<git::Oid> commits_;
  Commits all_;  ///< those before the start, too
  bool has_start_ = false;
};

/// Where the branch came into flow by other commits than its own: they brought all that a merge of
/// it would have brought.
bool came_whole(const git::Repository& repository, const PlanView& view, TaskIndex index,
                const git::Oid& tip) {
  const auto all = arrivals(repository, view);
  const auto arrival = all.find(task_number(view.task(index).id).value_or(0));
  if (arrival == all.end()) return false;
  const auto& [first, last, file] = arrival->second;
  if (merge_brings_nothing(repository, last.id, tip)) return true;
  return !first.parents.empty() && merge_gives(repository, first.parents.front(), tip, last.id);
}

}  // namespace

int own_commits(const Workspace& workspace, const PlanView& view, TaskIndex index,
                const git::Oid& flow, const git::Oid& tip) {
  const Range range(workspace.repository(), ref_of(view, index), flow, tip);
  return range.size() - (range.has_start() ? 1 : 0);
}

bool has_own_work(const Workspace& workspace, const PlanView& view, TaskIndex index,
                  const git::Oid& flow, const git::Oid& tip) {
  return has_own_work(workspace.repository(), ref_of(view, index), flow, tip);
}

bool has_own_work(const git::Repository& repository, const ref_names::TaskRef& task,
                  const git::Oid& flow, const git::Oid& tip) {
  return Range(repository, task, flow, tip).has_own_work();
}

bool had_own_work(const Workspace& workspace, const PlanView& view, TaskIndex index,
                  const git::Oid& tip) {
  const git::Repository& repository = workspace.repository();
  const Start start(repository, ref_of(view, index));
  for (git::Oid id = tip; start.is_before(id);) {
    const git::Commit commit = git::read_commit(repository, id);
    if (start.is(commit)) return changes_more_than_metadata(repository, commit);
    if (commit.parents.size() < 2) return true;
    id = commit.parents.front();
  }
  return true;
}

bool came_in_part(const Workspace& workspace, const std::string& path, const git::Oid& flow,
                  const git::Oid& tip) {
  const git::Repository& repository = workspace.repository();
  const auto file = git::entry_at(repository, git::tree_of(repository, tip), path);
  if (!file) return false;
  git::Oid first = tip;
  for (;;) {
    const auto parents = git::read_commit(repository, first).parents;
    if (parents.empty()) break;
    const auto before = git::entry_at(repository, git::tree_of(repository, parents.front()), path);
    if (!before || before->oid != file->oid) break;
    first = parents.front();
  }
  return git::is_ancestor(repository, first, flow);
}

std::vector<git::Oid> commits_since_start(const Workspace& workspace, const PlanView& view,
                                          TaskIndex index, const git::Oid& tip) {
  const git::Repository& repository = workspace.repository();
  const Start start(repository, ref_of(view, index));
  std::vector<git::Oid> commits{tip};
  constexpr std::size_t most = 1000;
  while (commits.size() < most) {
    const git::Commit commit = git::read_commit(repository, commits.back());
    if (start.is(commit)) return commits;
    if (commit.parents.empty()) break;
    commits.push_back(commit.parents.front());
  }
  return {};
}

bool has_later_work(const Workspace& workspace, const PlanView& view, TaskIndex index,
                    const git::Oid& flow, const git::Oid& tip) {
  const git::Repository& repository = workspace.repository();
  if (git::is_ancestor(repository, tip, flow)) return false;
  const Range range(workspace.repository(), ref_of(view, index), flow, tip);
  if (!range.has_start() && range.has_work()) return true;
  if (merge_brings_nothing(repository, flow, tip)) return false;
  return !range.has_start() || !came_whole(repository, view, index, tip);
}

bool is_all_merged(const Workspace& workspace, const PlanView& view, TaskIndex index) {
  if (!view.is_merged(index)) return false;
  const TaskBranch* branch = view.task_branch(index);
  if (branch == nullptr) return true;
  const auto& flow = view.flow().commit;
  return flow && !has_later_work(workspace, view, index, *flow, branch->tip);
}

std::optional<git::Oid> stray_work(const Workspace& workspace, const PlanView& view,
                                   TaskIndex index, const Slot& slot) {
  const git::Repository& repository = workspace.repository();
  auto head = slot.detached;
  if (!head && !slot.branch.empty())
    head = git::read_ref(repository, ref_names::branch_ref(slot.branch));
  if (!head || !view.flow().commit) return std::nullopt;
  const TaskBranch* branch = view.task_branch(index);
  const bool known = git::is_ancestor(repository, *head, *view.flow().commit) ||
                     (branch != nullptr && git::is_ancestor(repository, *head, branch->tip));
  return known ? std::nullopt : head;
}

}  // namespace gitplan
