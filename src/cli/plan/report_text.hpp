// The final report as it stands on a terminal.
#pragma once

#include <string>

#include "cli/style.hpp"
#include "commands/report/report.hpp"

namespace gitplan::cli {

std::string report_text(const PlanView& view, const commands::Report& report, const Style& style);

}  // namespace gitplan::cli
