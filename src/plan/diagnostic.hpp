// Errors and warnings about a plan, as `plan check` lists them.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace gitplan {

enum class Severity { error, warning };

struct Diagnostic {
  Severity severity = Severity::error;
  std::string code;     ///< a fixed word: "duplicate_id", "cycle", "unprovided", …
  std::string message;  ///< as printed after "error: " or "warning: ", printable
  std::string task;     ///< the task's id as written; empty if it is about the whole plan
  std::optional<int> line;
  bool operator==(const Diagnostic&) const = default;
};

using Diagnostics = std::vector<Diagnostic>;

}  // namespace gitplan
