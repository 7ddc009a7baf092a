// The plans that have something left to do by their own record, kept in the cache as long as no
// plan branch moves: where there are many plans, looking through their outlines is most of the
// cost.
#pragma once

#include <string_view>
#include <vector>

#include "store/plan_store.hpp"

namespace gitplan {

/// Of every plan but `but`, by name; one that cannot be read is among them.
std::vector<PlanTip> unsettled_plans(const git::Repository& repository, const PlanStore& store,
                                     std::string_view but);

}  // namespace gitplan
