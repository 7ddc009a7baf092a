// Which tasks start next, and which wait for others' files: see ready.hpp.
#include "schedule/best_first.hpp"
#include "schedule/file_index.hpp"
#include "schedule/overlap.hpp"
#include "schedule/ready.hpp"

namespace gitplan::schedule {

namespace {

/// Who holds which files so far: busy work, then tasks of this plan, in the order in which they
/// came.
class Claims {
 public:
  explicit Claims(const Plan& plan) : plan_(plan) {}

  /// Of others, those that are free, or those that are not.
  void claim(std::span<const Busy> busy, bool free) {
    for (const Busy& work : busy) {
      if (work.free == free) claim(work.task, work.files);
    }
  }

  void claim(TaskIndex task) { claim(plan_.tasks[task].id, plan_.tasks[task].files); }

  /// What keeps the task from starting beside those that have a claim.
  [[nodiscard]] std::optional<HeldBack> conflict(TaskIndex task) const {
    const std::vector<std::string>& files = plan_.tasks[task].files;
    const auto owner = index_.first_overlap(files);
    if (!owner) return {};
    const Holder& holder = holders_[*owner];
    return HeldBack{task, *holder.name, overlapping(files, *holder.files)};
  }

 private:
  struct Holder {
    const std::string* name;
    const std::vector<std::string>* files;
  };

  void claim(const std::string& name, const std::vector<std::string>& files) {
    index_.add(static_cast<FileIndex::Owner>(holders_.size()), files);
    holders_.push_back({&name, &files});
  }

  const Plan& plan_;
  GlobWork work_;
  FileIndex index_{work_, Uncompared::overlapping};
  std::vector<Holder> holders_;
};

std::vector<TaskIndex> free_tasks(const Progress& progress) {
  std::vector<TaskIndex> tasks;
  for (TaskIndex task = 0; task < progress.status.size(); ++task) {
    if (progress.status[task] == Status::in_progress && progress.free[task]) tasks.push_back(task);
  }
  return tasks;
}

std::vector<TaskIndex> indices_of(const std::vector<bool>& chosen) {
  std::vector<TaskIndex> tasks;
  for (TaskIndex task = 0; task < chosen.size(); ++task) {
    if (chosen[task]) tasks.push_back(task);
  }
  return tasks;
}

void choose(std::span<const TaskIndex> candidates, Claims& claims, Next& next) {
  for (const TaskIndex task : candidates) {
    if (auto conflict = claims.conflict(task)) {
      next.held_back.push_back(std::move(*conflict));
    } else {
      claims.claim(task);
      next.tasks.push_back(task);
    }
  }
}

}  // namespace

Next next_tasks(const Graph& graph, const Progress& progress, const CriticalPath& path,
                std::span<const Busy> busy, Overlapping overlapping) {
  std::vector<TaskIndex> free = free_tasks(progress);
  std::vector<TaskIndex> ready = indices_of(ready_tasks(graph, progress));
  sort_best_first(graph, path, free);
  sort_best_first(graph, path, ready);
  Next next;
  if (overlapping == Overlapping::allow) {
    next.tasks = std::move(free);
    next.tasks.insert(next.tasks.end(), ready.begin(), ready.end());
    return next;
  }
  Claims claims(graph.plan());
  claims.claim(busy, false);
  choose(free, claims, next);
  // A free task that must wait is in progress all the same: its branch already holds work on its
  // files.
  for (const HeldBack& waiting : next.held_back) claims.claim(waiting.task);
  claims.claim(busy, true);
  choose(ready, claims, next);
  return next;
}

}  // namespace gitplan::schedule
