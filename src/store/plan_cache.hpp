// The parsed plan in the cache, keyed by the blob of its plan.toml.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "store/plan_store.hpp"

namespace gitplan {

/// Fills in plan, diagnostics and lines if the cache has them for `stored.blob`.
bool recall_plan(const git::Repository& repository, StoredPlan& stored);
/// The sum (cache::checksum) of the text that the blob was seen to hold, if it is known.
std::optional<std::uint64_t> recall_text_sum(const git::Repository& repository,
                                             const StoredPlan& stored);
/// `text` was hashed, and is the blob's.
void remember_text(const git::Repository& repository, const StoredPlan& stored,
                   std::string_view text);
void remember_plan(const git::Repository& repository, const StoredPlan& stored);

}  // namespace gitplan
