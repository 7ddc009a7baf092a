// What the record alone says of each plan, without opening it: a plan of which all is recorded
// needs no look at flow or at branches, and what its completed tasks provide is there whatever
// became of their files. Kept in the cache of the repository by the commits of the plans.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/plan_store.hpp"

namespace gitplan {

struct PlanOutline {
  PlanTip tip;
  bool settled = false;   ///< no task of it can be pending or in progress, whatever git says
  bool finished = false;  ///< all of them are completed or cancelled, and there are some
  std::string flow_branch;
  std::vector<std::string> provides;  ///< of the tasks that are recorded completed
};

/// Of every plan but `but`, by name. Of one that cannot be read neither is known. `open`, where
/// given, is a plan as its branch has it: it is not read again.
std::vector<PlanOutline> outline_plans(const git::Repository& repository, const PlanStore& store,
                                       std::string_view but = {}, const StoredPlan* open = nullptr);

}  // namespace gitplan
