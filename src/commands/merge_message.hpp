// The message of a task's merge commit.
#pragma once

#include <string>
#include <string_view>

#include "plan/plan.hpp"

namespace gitplan::commands {

/// "Merge task 001: <description>", the body if any, and the trailers Task:, Plan: and one
/// Provides: each.
std::string merge_message(const Task& task, std::string_view session, std::string_view body);

}  // namespace gitplan::commands
