// The message of a commit that delivers flow.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "session/delivery.hpp"

namespace gitplan {

/// What was built: the goal of its plan (of several, how many more) or, where it is given, what was
/// `said`; then a line for each task, a Plan trailer for each session and, of a squash, how far it
/// delivered flow.
std::string delivery_message(std::string_view flow_branch, std::span<const BuiltTask> tasks,
                             std::string_view said,
                             const std::optional<Squash>& squash = std::nullopt);

}  // namespace gitplan
