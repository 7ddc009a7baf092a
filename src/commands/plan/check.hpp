// `git plan check` and `git plan provides`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/plan/create.hpp"
#include "plan/diagnostic.hpp"
#include "session/json.hpp"

namespace gitplan {
class Workspace;
class PlanView;
}  // namespace gitplan

namespace gitplan::commands {

struct CheckResult {
  std::string name;     ///< "plan 'session-x'", or the file's
  std::string session;  ///< empty: a file
  Diagnostics diagnostics;

  [[nodiscard]] bool has_errors() const;
};

/// A plan as it stands, with what git says of its tasks.
CheckResult check(const Workspace& workspace, const PlanView& view);
/// A document that is no plan yet, as `plan create -F` would take it. Throws Error(fatal) if it
/// does not parse.
CheckResult check(const Workspace& workspace, const Document& document);
Json to_json(const CheckResult& result);

struct Provided {
  std::string session;  ///< empty: of no plan
  std::vector<std::string> capabilities;
};
/// Capabilities available to the plan that is chosen here; where there is no plan at all, those
/// that the flow branch provides.
Provided provides_here(Workspace& workspace);
Json to_json(const Provided& provided);

}  // namespace gitplan::commands
