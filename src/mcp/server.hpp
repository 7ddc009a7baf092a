// `git plan mcp`: the Model Context Protocol over two descriptors, one JSON-RPC message a line.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "session/workspace.hpp"

namespace gitplan::mcp {

struct Options {
  /// --plan, --strict, --no-hooks: for every call that says nothing else.
  Settings settings;
  std::size_t tools_per_page = 50;
};

/// Answers requests in order until the input ends, or nobody reads the output any more. Never
/// throws for what comes in. Nothing but replies is written to `out`. Ignores SIGPIPE from here on.
void serve(int in, int out, const Options& options);

}  // namespace gitplan::mcp
