// Backlog.md's files as a plan's way out, and what reading and writing Backlog.md's files share.
// For .cpp files that include nlohmann.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plan/exchange/exchange.hpp"
#include "plan/exchange/json_document.hpp"

namespace gitplan::exchange {

/// A file for each task, to stand in the folder `tasks` of a backlog: from_backlog gives the plan
/// back, if it has tasks.
std::vector<MarkdownFile> to_backlog(const Plan& plan);

/// Backlog.md takes TASK-7, task-7, task-07 and 7 for one another: "7" for each of them. A word
/// that does not end in numbers is itself, in lower case.
std::string backlog_key(std::string_view id);

/// What a file without a note of ours says of its task, to see later what was changed there.
Json backlog_said(const MarkdownFile& file);

}  // namespace gitplan::exchange
