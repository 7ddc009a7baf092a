// What options, environment and config say of a run.
#pragma once

#include "commands/wave/run.hpp"
#include "commands/wave/run_work.hpp"

namespace gitplan::commands {

/// Throws Error(usage) where there is no command, or an option says nothing that can be;
/// Error(fatal) where that stands in the config.
void read_options(const Workspace& workspace, const RunRequest& request, RunSetup& setup,
                  supervisor::RunPolicy& policy);

std::optional<std::chrono::seconds> timeout_of(const Workspace& workspace,
                                               const RunRequest& request);
int retries_of(const Workspace& workspace, const RunRequest& request);

}  // namespace gitplan::commands
