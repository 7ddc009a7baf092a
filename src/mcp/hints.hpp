// What the commands say ends in a command for a shell; a client has tools.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mcp/tool.hpp"

namespace gitplan::mcp {

/// The text with each command of ours that a tool does at its end, or before an "&&", named as the
/// call of that tool: "…, run: git task reset 002" becomes "…, call: reset_task {"task_id":"002"}".
/// Of a line that names a command of ours that no tool does, or one of git's that only shows
/// something, the words stay that are not about running it; a line without any is left out.
std::string for_tools(std::string_view text);

/// A verb of ours and the tool that does it, with all parameters that its words can become.
struct ToolOfVerb {
  std::string_view verb;  ///< "task reset"
  const Tool* tool = nullptr;
  std::vector<std::string_view> parameters;
};
std::vector<ToolOfVerb> tools_of_verbs();

}  // namespace gitplan::mcp
