#include "session/flow_walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "git/diff_stat.hpp"
#include "git/process.hpp"
#include "git/repository.hpp"
#include "plan/ids.hpp"
#include "session/view.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

constexpr std::size_t most_commits = 100'000;
constexpr Seconds a_day = 86'400;  // by how much clocks may be wrong

/// A commit of flow's first-parent history, and the tasks whose files it has.
struct Step {
  git::Commit commit;
  std::optional<git::Oid> folder;
  std::vector<std::uint32_t> brings;
};

class Walk {
 public:
  Walk(const git::Repository& repository, const PlanView& view)
      : repository_(&repository),
        view_(&view),
        path_(fmt::format("{}/{}", ref_names::metadata_folder, view.session())) {
    for (TaskIndex i = 0; i < view.size(); ++i) {
      const auto number = task_number(view.task(i).id);
      if (number && view.status(i) == Status::completed) wanted_.insert(*number);
    }
    if (const auto made = parse_rfc3339(view.plan().created_at)) oldest_ = *made - a_day;
  }

  std::unordered_map<std::uint32_t, Arrival> run(const git::Oid& tip) {
    Step step = step_at(tip);
    while (!wanted_.empty() && steps_.size() < most_commits) {
      const auto& parents = step.commit.parents;
      std::optional<Step> parent;
      if (!parents.empty()) parent = step_at(parents.front());
      // At the end of a shallow clone nobody knows what came when.
      const bool is_known = step.folder && !step.commit.is_cut;
      if (is_known && (!parent || parent->folder != step.folder)) {
        find_new(step, parent ? parent->folder : std::nullopt);
      }
      steps_.push_back(std::move(step));
      if (!parent || (oldest_ && parent->commit.committer_time < *oldest_)) break;
      step = std::move(*parent);
    }
    for (auto& [number, place] : places_) found_.emplace(number, arrival(number, place));
    return std::move(found_);
  }

 private:
  struct Place {
    std::size_t step = 0;
    git::Oid file;
  };

  [[nodiscard]] Step step_at(const git::Oid& id) const {
    Step step;
    step.commit = git::read_commit(*repository_, id);
    const auto entry = git::entry_at(*repository_, step.commit.tree, path_);
    if (entry && entry->is_tree()) step.folder = entry->oid;
    return step;
  }

  [[nodiscard]] static std::optional<std::uint32_t> number_of(const git::TreeEntry& entry) {
    const auto name = ref_names::parse_task_file(entry.name);
    return name && entry.is_regular_file() ? task_number(name->id) : std::nullopt;
  }

  void find_new(Step& step, const std::optional<git::Oid>& before) {
    const auto difference = git::compare_names(*repository_, before, step.folder);
    std::set<std::uint32_t> renamed;
    for (const auto& entry : difference.removed) {
      if (const auto number = number_of(entry)) renamed.insert(*number);
    }
    for (const auto& entry : difference.added) {
      const auto number = number_of(entry);
      if (!number || renamed.contains(*number)) continue;
      step.brings.push_back(*number);
      if (wanted_.erase(*number) > 0) places_.emplace(*number, Place{steps_.size(), entry.oid});
    }
  }

  /// A commit that brings no more than the file is the start of a branch that was rebased: its work
  /// follows.
  [[nodiscard]] std::size_t last_step(std::uint32_t number, std::size_t first) const {
    const Step& start = steps_[first];
    const bool only_file = start.commit.parents.size() == 1 && start.brings.size() == 1 &&
                           start.commit.message.starts_with("Start task ");
    if (!only_file) return first;
    std::size_t most = first;
    const TaskBranch* branch = branch_of(number);
    if (branch != nullptr && view_->flow().commit) {
      const int own = git::commits_ahead(*repository_, *view_->flow().commit, branch->tip);
      if (own > 0) most = std::min(most, static_cast<std::size_t>(own) - 1);
    }
    std::size_t last = first;
    for (std::size_t taken = 0; taken < most && last > 0; ++taken) {
      if (branch != nullptr && steps_[last].commit.id == branch->tip) break;
      const Step& next = steps_[last - 1];
      if (next.commit.parents.size() != 1 || !next.brings.empty()) break;
      --last;
    }
    return last;
  }

  [[nodiscard]] const TaskBranch* branch_of(std::uint32_t number) const {
    for (TaskIndex i = 0; i < view_->size(); ++i) {
      if (task_number(view_->task(i).id) == number) return view_->task_branch(i);
    }
    return nullptr;
  }

  [[nodiscard]] Arrival arrival(std::uint32_t number, const Place& place) const {
    return {steps_[place.step].commit, steps_[last_step(number, place.step)].commit, place.file};
  }

  const git::Repository* repository_;
  const PlanView* view_;
  std::string path_;
  std::optional<Seconds> oldest_;
  std::set<std::uint32_t> wanted_;
  std::vector<Step> steps_;  ///< newest first
  std::map<std::uint32_t, Place> places_;
  std::unordered_map<std::uint32_t, Arrival> found_;
};

}  // namespace

std::unordered_map<std::uint32_t, Arrival> arrivals(const git::Repository& repository,
                                                    const PlanView& view) {
  if (!view.flow().commit) return {};
  return Walk(repository, view).run(*view.flow().commit);
}

namespace {

/// The newest commit before `flow` that touched the path.
std::optional<git::Commit> newest_touching(const git::Repository& repository, const git::Oid& flow,
                                           const std::string& path, const std::string& how) {
  git::Command command;
  command.arguments = {"--git-dir=" + repository.common_dir(),
                       "--literal-pathspecs",
                       "rev-list",
                       "--max-count=1",
                       how,
                       flow.hex(),
                       "--",
                       path};
  const auto newest = git::Oid::parse(text::trim(git::run_git(command).output));
  return newest ? std::optional(git::read_commit(repository, *newest)) : std::nullopt;
}

/// Plain git merged a branch that flow was delivered into, which has no metadata, or forwarded flow
/// to it: nobody took anything back.
bool went_with_delivered(const git::Repository& repository, const git::Oid& flow,
                         const std::string& path) {
  const auto last = newest_touching(repository, flow, path, "--first-parent");
  if (!last) return true;  // it came by a side branch, and was left out where that was merged
  if (last->parents.size() < 2) return false;
  return std::any_of(last->parents.begin() + 1, last->parents.end(), [&](const git::Oid& parent) {
    return !git::entry_at(repository, git::tree_of(repository, parent), ref_names::metadata_folder);
  });
}

}  // namespace

bool was_there(const git::Repository& repository, const git::Oid& flow, const std::string& path) {
  return newest_touching(repository, flow, path, "--first-parent").has_value();
}

Departure departure(const git::Repository& repository, const git::Oid& flow,
                    const std::string& path) {
  const auto commit = newest_touching(repository, flow, path, "--full-history");
  if (!commit) return Departure::never_there;
  std::optional<git::Oid> before;
  if (!commit->parents.empty()) before = git::tree_of(repository, commit->parents.front());
  const auto work =
      git::changes_between(repository, before, commit->tree, ref_names::metadata_folder);
  // The revert of an empty merge takes nothing but metadata, too.
  const bool says_so = commit->message.find("\nThis reverts commit ") != std::string::npos;
  const bool only_metadata = work && work->empty() && !says_so;
  return only_metadata || went_with_delivered(repository, flow, path) ? Departure::clean_up
                                                                      : Departure::revert;
}

}  // namespace gitplan
