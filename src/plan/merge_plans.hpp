// Two writers of one plan who did not know of each other: a three-way merge of plans as values,
// task by task and key by key, on what `git merge` does with lines.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace gitplan {

/// What both sides changed, and differently.
struct MergeConflict {
  enum class Kind {
    key,      ///< both changed it
    removed,  ///< one removed the task, the other changed it
    id        ///< both added a task of this id, and ours cannot take another one
  } kind = Kind::key;
  std::string task;  ///< id; empty: the plan itself
  std::string key;   ///< of Kind::key
  /// The values of Kind::key, the descriptions of Kind::id; of a list as TOML; empty: none.
  std::string ours = {};
  std::string theirs = {};
  bool operator==(const MergeConflict&) const = default;
};

/// A task of ours whose id the other side had taken.
struct RenamedTask {
  std::string from;
  std::string to;
  bool operator==(const RenamedTask&) const = default;
};

struct MergedPlans {
  Plan plan;  ///< where there are conflicts, theirs stands in their places
  std::vector<MergeConflict> conflicts;
  std::vector<RenamedTask> renamed;
};

/// `theirs` with what `ours` changed since `base`. What both changed alike is no conflict, nor are
/// tasks that both added alike. A task of ours under an id that theirs gave to another gets the
/// next free one, and what names it in ours follows, unless it `is_pinned`: begun here, so that
/// refs say its id. Lists are values as any other key. Tasks stand in the order of theirs, added
/// ones of ours behind them in theirs. The version is one more than the higher one, unless nothing
/// is added to theirs.
MergedPlans merge_plans(const Plan& base, const Plan& ours, const Plan& theirs,
                        const std::function<bool(const Task& ours)>& is_pinned);

}  // namespace gitplan
