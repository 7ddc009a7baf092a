// What the HTML report draws: the DAG, the slots over time.
#pragma once

#include <string>

#include "commands/report/report.hpp"
#include "session/view.hpp"

namespace gitplan::commands {

/// The DAG as inline SVG, layers from left to right; below it, in rows, the tasks that are tied to
/// nothing, where they would make it longer. "" for a plan without tasks.
std::string svg_graph(const PlanView& view, const Report& report);
/// The slots over time, as wide as the page. "" where nothing has started.
std::string timeline(const PlanView& view, const Report& report);
/// The page's CSS.
std::string_view report_style();

}  // namespace gitplan::commands
