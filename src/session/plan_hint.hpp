// Hints of commands that are about a plan which was named.
#pragma once

#include <string>

namespace gitplan {

/// The hint, its command told of the plan at its end where it takes one and does not name it.
/// Empty: no plan was named.
std::string naming_plan(const std::string& hint, const std::string& plan_or_session);

}  // namespace gitplan
