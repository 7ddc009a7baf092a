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
  std::string name;  ///< "plan 'session-x'", or the file's
  Diagnostics diagnostics;

  [[nodiscard]] bool has_errors() const;
};

/// A plan as it stands, with what git says of its tasks.
CheckResult check(const Workspace& workspace, const PlanView& view);
/// A document that is no plan yet, as `plan create -F` would take it. Throws Error(fatal) if it
/// does not parse.
CheckResult check(const Workspace& workspace, const Document& document);
Json to_json(const CheckResult& result);

/// Capabilities available to the plan, or, without a plan, those that the flow branch provides.
std::vector<std::string> provides(const PlanView& view);
std::vector<std::string> flow_provides(const Workspace& workspace);
/// Those of the plan that is chosen here; where there is no plan at all, those of the flow branch.
std::vector<std::string> provides_here(Workspace& workspace);
Json provides_object(const std::vector<std::string>& capabilities);

}  // namespace gitplan::commands
