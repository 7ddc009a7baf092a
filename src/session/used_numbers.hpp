// Numbers of tasks that a plan had, by what git keeps of them: such a number is another task's,
// also once that is in the plan no more.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "plan/diagnostic.hpp"
#include "plan/plan.hpp"

namespace gitplan {

class Workspace;

/// Of tasks in flow, with a branch, done, red, begun before, or with a worker.
std::set<std::uint32_t> used_numbers(const Workspace& workspace, const std::string& session,
                                     const std::string& flow_branch);

/// Warnings, of tasks that `after` has and `before` lacks.
Diagnostics taken_numbers(const Workspace& workspace, const std::string& session,
                          const Plan& before, const Plan& after);

}  // namespace gitplan
