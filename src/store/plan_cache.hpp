// The parsed plan in the cache, keyed by the blob of its plan.toml.
#pragma once

#include <optional>

#include "store/plan_store.hpp"

namespace gitplan {

/// Fills in plan, diagnostics and lines if the cache has them for `stored.blob`.
bool recall_plan(const git::Repository& repository, StoredPlan& stored);
void remember_plan(const git::Repository& repository, const StoredPlan& stored);

}  // namespace gitplan
