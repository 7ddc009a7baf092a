// What `task fail` and `task cancel` share: one record in the plan.
#pragma once

#include "cli/invocation.hpp"
#include "commands/task/settle.hpp"

namespace gitplan::cli {

/// Settles the task that the words name, and prints "<id> failed (<version>)".
int settle_task(Invocation& invocation, commands::SettleRequest::As as);

}  // namespace gitplan::cli
