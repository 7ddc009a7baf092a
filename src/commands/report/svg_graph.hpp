// The DAG as inline SVG: layers from left to right.
#pragma once

#include <string>

#include "commands/report/report.hpp"
#include "session/view.hpp"

namespace gitplan::commands {

/// "" for a plan without tasks. Uses the classes of report_style().
std::string svg_graph(const PlanView& view, const Report& report);
/// The slots over time, as wide as the page. "" where nothing has started.
std::string svg_timeline(const PlanView& view, const Report& report);
/// The page's CSS.
std::string_view report_style();

}  // namespace gitplan::commands
