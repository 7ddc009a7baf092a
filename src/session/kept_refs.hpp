// What was kept to be safe: rescued work, and attempts that were started over.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
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

/// Puts a ref's commit, and its log, among the attempts at the task (an id); the ref goes. Where an
/// attempt has that commit already, as one that was killed here leaves it, the ref just goes.
/// Returns the attempt's ref; nothing if the ref moved meanwhile.
std::optional<std::string> keep_as_attempt(const git::Repository& repository, const git::Ref& ref,
                                           std::string_view session, std::string_view task);

/// A ref of its own for a commit among the attempts at the task. Throws Error(lost_race) where no
/// name is free.
std::string keep_commit_as_attempt(const git::Repository& repository, const git::Oid& commit,
                                   std::string_view session, std::string_view task,
                                   const std::string& reflog);

/// {"ref", "commit"} of each.
Json dropped_objects(const std::vector<git::Ref>& refs);

}  // namespace gitplan
