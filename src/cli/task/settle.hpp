// What `task fail` and `task cancel` share: one record in the plan.
#pragma once

#include "cli/invocation.hpp"
#include "commands/plan/update.hpp"
#include "session/select.hpp"

namespace gitplan::cli {

/// Makes the update for the task that the words name, and prints "<id> <word> (<version>)".
int settle_task(Invocation& invocation, std::string_view word,
                void (*fill)(commands::UpdateRequest& request, const std::string& id));

}  // namespace gitplan::cli
