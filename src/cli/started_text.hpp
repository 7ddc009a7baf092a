// What was started, as lines: task, branch, path.
#pragma once

#include <string>
#include <vector>

#include "cli/style.hpp"
#include "commands/task/starting.hpp"

namespace gitplan::cli {

std::string started_text(const std::vector<commands::Started>& started, const Style& style);

}  // namespace gitplan::cli
