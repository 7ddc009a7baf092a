// What a run's worker is told besides its task.
#pragma once

#include <string>

#include "supervisor/worker_record.hpp"

namespace gitplan::commands {

/// Markdown, below the prompt: why the attempt before did not do. Empty for the first one.
std::string attempt_note(const supervisor::WorkerRecord& record);

}  // namespace gitplan::commands
