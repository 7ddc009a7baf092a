// What the commands say ends in a command for a shell; a client has tools.
#pragma once

#include <string>
#include <string_view>

namespace gitplan::mcp {

/// The text with each command of ours that a tool does at its end, or before an "&&", named as the
/// call of that tool: "…, run: git task reset 002" becomes "…, call: reset_task {"task_id":"002"}".
/// Commands that no tool does stay as they are.
std::string for_tools(std::string_view text);

}  // namespace gitplan::mcp
