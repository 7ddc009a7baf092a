// The text of a plan that was merged from two sides as values: comments, order and unknown keys of
// both stay, as lines of a three-way merge in which all three texts have the merged values.
#pragma once

#include <string>

#include "plan/merge_plans.hpp"
#include "store/plan_store.hpp"

namespace gitplan {

class Workspace;

struct MergeTexts {
  const StoredPlan& base;
  const StoredPlan& ours;
  const StoredPlan& theirs;
};

/// Parses as `merged.plan`, but for the order of its tasks and updates. Where lines of both sides
/// cannot stand together, it is the text of theirs with the merged values, which is noted.
std::string merged_text(const Workspace& workspace, const MergeTexts& texts,
                        const MergedPlans& merged);

}  // namespace gitplan
