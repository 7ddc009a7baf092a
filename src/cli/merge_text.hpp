// What became of a merge, as its user reads it.
#pragma once

#include <string>
#include <string_view>

#include "cli/style.hpp"
#include "session/branch_merge.hpp"

namespace gitplan::cli {

/// Of a merge that did not come about: "branch 'main' conflicts with flow:" and the paths, or that
/// the verification failed. `what` and `branch` are printable.
std::string unmerged_text(const BranchMerge& merge, std::string_view what, std::string_view branch,
                          const Style& style);

}  // namespace gitplan::cli
