// Which commits brought a session's tasks into the flow branch, and which took them out again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "git/objects.hpp"

namespace gitplan {

class PlanView;

/// Where a task's metadata file came into flow: on its first-parent history, from `first` (usually
/// one merge, which is `last` too) to `last`: commits that were rebased onto flow, or
/// fast-forwarded to, follow the one with the file.
struct Arrival {
  git::Commit first;
  git::Commit last;
  git::Oid file;  ///< the metadata file's blob
};

/// By task number; walks back until every completed task of the plan is found, or to before the
/// plan was made. The newest arrival of each counts.
std::unordered_map<std::uint32_t, Arrival> arrivals(const git::Repository& repository,
                                                    const PlanView& view);

/// How a metadata file that is not in flow went: never there; with nothing but metadata, as
/// somebody clears up, or by a merge of a branch that flow was delivered into; or with the work, as
/// a revert takes it, or by what calls itself one.
enum class Departure { never_there, clean_up, revert };

/// True if flow, or one of its first parents, has or had the file.
bool was_there(const git::Repository& repository, const git::Oid& flow, const std::string& path);

/// Of the file at `path`, by the newest commit before `flow` that touched it.
Departure departure(const git::Repository& repository, const git::Oid& flow,
                    const std::string& path);

}  // namespace gitplan
