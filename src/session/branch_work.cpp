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

/// The commits of a task's branch that flow does not have, newest first.
class Range {
 public:
  Range(const Workspace& workspace, const PlanView& view, TaskIndex index, const git::Oid& flow,
        const git::Oid& tip)
      : repository_(&workspace.repository()),
        ledger_(workspace.repository(), view.session()),
        number_(task_number(view.task(index).id).value_or(0)),
        commits_(git::commits_between(workspace.repository(), flow, tip)),
        has_start_(std::any_of(commits_.rbegin(), commits_.rend(),
                               [this](const git::Oid& commit) { return brings_file(commit); })) {}

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
      return !brings_file(commit.id) || changes_more_than_metadata(*repository_, commit);
    });
  }

 private:
  template <class Counts>
  [[nodiscard]] bool any_but_merges_of_flow(const Counts& counts) const {
    const std::unordered_set<git::Oid, git::OidHash> known(commits_.begin(), commits_.end());
    return std::any_of(commits_.begin(), commits_.end(), [&](const git::Oid& id) {
      const git::Commit commit = git::read_commit(*repository_, id);
      const auto& parents = commit.parents;
      const bool takes_from_flow = std::any_of(
          parents.begin(), parents.end(), [&](const auto& one) { return !known.contains(one); });
      return (parents.size() < 2 || !takes_from_flow) && counts(commit);
    });
  }

  [[nodiscard]] bool brings_file(const git::Oid& commit) const {
    if (!ledger_.file_in(commit, number_)) return false;
    const auto parents = git::read_commit(*repository_, commit).parents;
    return std::none_of(parents.begin(), parents.end(), [this](const git::Oid& parent) {
      return ledger_.file_in(parent, number_).has_value();
    });
  }

  const git::Repository* repository_;
  Ledger ledger_;
  std::uint32_t number_;
  std::vector<git::Oid> commits_;
  bool has_start_;
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
  const Range range(workspace, view, index, flow, tip);
  return range.size() - (range.has_start() ? 1 : 0);
}

bool has_own_work(const Workspace& workspace, const PlanView& view, TaskIndex index,
                  const git::Oid& flow, const git::Oid& tip) {
  return Range(workspace, view, index, flow, tip).has_own_work();
}

bool has_later_work(const Workspace& workspace, const PlanView& view, TaskIndex index,
                    const git::Oid& flow, const git::Oid& tip) {
  const git::Repository& repository = workspace.repository();
  if (git::is_ancestor(repository, tip, flow)) return false;
  const Range range(workspace, view, index, flow, tip);
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
