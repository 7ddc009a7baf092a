#include "commands/plan_report.hpp"

namespace gitplan::commands {
std::string report_html(const PlanView&, const Report&) { return ""; }
}  // namespace gitplan::commands
