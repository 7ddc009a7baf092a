// `git plan create`: a new plan branch from options, or from a TOML or JSON document.
#pragma once

#include <optional>
#include <string>

#include "git/oid.hpp"
#include "plan/json.hpp"
#include "plan/plan.hpp"
#include "session/json.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

/// A document that came in, with the name that messages call it.
struct Document {
  std::string name;  ///< "'plan.json'", "<stdin>"
  std::string text;
  json_io::Lines lines = json_io::Lines::numbered;  ///< of JSON
};

enum class Effect { write, dry_run };

struct CreateRequest {
  std::optional<std::string> session;
  std::optional<Document> document;
  std::optional<Plan> plan;  ///< takes the place of a document; its version and times are not kept
  std::optional<std::string> request;
  std::optional<std::string> architecture;
  std::optional<std::string> design_patterns;
  std::optional<std::string> technology_stack;
  std::optional<std::string> flow_branch;
  Effect effect = Effect::write;
  std::string again = "git plan create";  ///< the command without a name for the plan, for hints
};

struct CreateResult {
  Plan plan;
  git::Oid commit;  ///< zero in a dry run
  Diagnostics warnings;
};

CreateResult create_plan(Workspace& workspace, const CreateRequest& request);
Json to_json(const CreateResult& result);

}  // namespace gitplan::commands
