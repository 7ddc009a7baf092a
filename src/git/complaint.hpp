// What git says when it stops, as an error that keeps the cause.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "git/process.hpp"

namespace gitplan::git {

/// Error(fatal) "<what>: <git's first error line>". Where a filter (clean, smudge, process) stopped
/// git, all that it said, since the cause stands before git's own words; code "filter_failed".
Error complaint(std::string_view what, const Outcome& outcome);

/// The last lines that were written to standard error, without "fatal: " and "error: ".
std::vector<std::string> error_lines(const Outcome& outcome);

}  // namespace gitplan::git
