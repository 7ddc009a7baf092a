// How far a plan is, and what comes next, in lines that every command shows alike.
#pragma once

#include <string>

#include "cli/style.hpp"
#include "session/outlook.hpp"

namespace gitplan::cli {

/// "6 of 10 tasks completed, 2 in progress, 1 failed"
std::string standing_text(const PlanView& view);

/// "about 25 min with 3 workers (2 without an estimate)"; "" where nothing is known of it.
std::string time_left_text(const TimeLeft& left);

/// A line for each of: how far the plan is, why it is stuck, what is next, how long it takes.
std::string outlook_text(const PlanView& view, const Outlook& outlook, const Style& style);

/// The same in one line: "6 of 10 tasks completed, 2 in progress; next 004, 005; about 25 min left"
std::string outlook_line(const PlanView& view, const Outlook& outlook);

}  // namespace gitplan::cli
