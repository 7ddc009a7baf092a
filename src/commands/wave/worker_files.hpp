// What a worker's command leaves in files for the run: whatever stands there, of whatever kind.
#pragma once

#include <optional>
#include <string>

#include "agents/usage.hpp"
#include "supervisor/worker_record.hpp"

namespace gitplan::commands {

/// $GIT_TASK_RETRY_FILE; nothing where it left none, or what is no file of a line or two.
std::optional<std::string> named_retry(const supervisor::WorkerRecords& records, int worker);

/// $GIT_TASK_USAGE_FILE, of which a megabyte is read. No pipe or device is ever waited for.
agents::UsageFile used_by_attempt(const supervisor::WorkerRecords& records, int worker);

}  // namespace gitplan::commands
