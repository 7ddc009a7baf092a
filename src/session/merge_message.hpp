// The message of a task's merge commit.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plan/plan.hpp"
#include "session/run_facts.hpp"

namespace gitplan {

/// "Merge task 001: <description>", the body if any, and the trailers Task:, Plan:, one Provides:
/// each, and what is known of its run.
std::string merge_message(const Task& task, std::string_view session, std::string_view body,
                          const RunFacts& facts = {});

}  // namespace gitplan
