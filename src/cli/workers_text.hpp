// Workers as lines of text.
#pragma once

#include <string>
#include <vector>

#include "cli/style.hpp"
#include "commands/wave/status.hpp"

namespace gitplan::cli {

std::string workers_text(const std::vector<commands::WorkerStatus>& workers, const Style& style);

}  // namespace gitplan::cli
