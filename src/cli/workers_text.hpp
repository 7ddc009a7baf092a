// Workers as lines of text.
#pragma once

#include <string>
#include <vector>

#include "cli/style.hpp"
#include "commands/wave/status.hpp"

namespace gitplan::cli {

/// A line a worker.
std::string workers_text(const std::vector<commands::WorkerStatus>& workers, const Style& style);

/// A line a worker of another machine.
std::string elsewhere_text(const std::vector<commands::WorkerElsewhere>& workers,
                           const Style& style);

/// Why those failed that did, with what they said last, and which were interrupted.
std::string ends_text(const std::vector<commands::WorkerStatus>& workers, const Style& style);

/// Which agents are parked, and what is used of each cap; empty where there is nothing to say.
std::string limits_text(const commands::WaveStatus& status);

/// A line a task that waits to land.
std::string queue_text(const std::vector<commands::QueuedTask>& queue, const Style& style);

}  // namespace gitplan::cli
