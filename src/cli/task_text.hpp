// Tasks as lines of text, the same in every command.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/style.hpp"
#include "session/view.hpp"

namespace gitplan::cli {

using schedule::TaskIndex;

/// "001  completed  8 min  high  worker 1  Create User model".
std::vector<Cell> task_row(const PlanView& view, TaskIndex index, const Style& style);

/// "status" as users read it: "in progress", "free", "done, not merged yet", "ready", "pending".
std::string progress_word(const PlanView& view, TaskIndex index);

/// Lines indented by two spaces, wrapped at the terminal (72 columns elsewhere); "" if empty.
std::string indented(std::string_view content, const Style& style);

/// A paragraph under a title, wrapped at the terminal (72 columns elsewhere), kept as lines where
/// it has some; "" if empty.
std::string paragraph(std::string_view title, std::string_view content, const Style& style);

/// `content` wrapped in the same way: its first line after `prefix`, the others below it; "" if
/// empty.
std::string wrapped(std::string_view content, std::string_view prefix, const Style& style);

/// "3 of 5 tasks completed".
std::string progress_line(const PlanView& view);

}  // namespace gitplan::cli
