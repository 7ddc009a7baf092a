// What was kept to be safe: rescued work, and attempts that were started over.
#pragma once

#include <functional>
#include <vector>

#include "base/clock.hpp"
#include "git/refs.hpp"
#include "session/json.hpp"

namespace gitplan {

/// The rescue and attempt refs from before, or at, this time for which `wanted` says yes.
using WantedRef = std::function<bool(const git::Ref& ref)>;
std::vector<git::Ref> old_kept_refs(const git::Repository& repository, Seconds before,
                                    const WantedRef& wanted);
/// Drops them; one that moved meanwhile stays. Returns the others.
std::vector<git::Ref> drop_kept_refs(const git::Repository& repository, Seconds before,
                                     const WantedRef& wanted);

/// {"ref", "commit"} of each.
Json dropped_objects(const std::vector<git::Ref>& refs);

}  // namespace gitplan
