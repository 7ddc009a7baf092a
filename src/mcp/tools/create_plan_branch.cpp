#include <nlohmann/json.hpp>

#include "commands/plan/create.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"

namespace gitplan::mcp {
namespace {

Json run(Call& call) {
  commands::CreateRequest request;
  request.document =
      commands::Document{"the arguments", call.arguments().json(), json_io::Lines::none};
  request.session = call.arguments().text("session_id");
  const auto result = commands::create_plan(call.workspace(), request);
  return to_json(result);
}

Parameter text(std::string_view name, std::string_view description, std::string_view example) {
  return {name, Type::text, Needed::no, description, example, {}};
}

}  // namespace

const Tool create_plan_branch_tool{
    "create_plan_branch",
    "Create a plan",
    "Create the plan of a session with all of its tasks. Call it once for each request of the "
    "user, before any task branch.",
    {},
    {text("session_id", "The session; without it, one named by the clock",
          R"("session-20250112-143000")"),
     {"user_request",
      Type::text,
      Needed::yes,
      "What the user asked for",
      R"("Add user authentication with JWT")",
      {}},
     text("architecture", "The architecture", R"("MVC with Flask, SQLAlchemy ORM, JWT tokens")"),
     text("design_patterns", "Design patterns", R"("Repository Pattern, Service Layer")"),
     text("technology_stack", "The technology stack", R"("Python 3.10, Flask 2.3, PyJWT")"),
     {"tasks",
      Type::tasks,
      Needed::yes,
      "All tasks, 5 to 10 minutes each, tests included",
      R"([{"id": "001", "description": "Create User model", "preconditions": [], "provides": ["User model class"], "files": ["models/user.py"], "estimated_time": "8 minutes"}])",
      {}},
     {"provides",
      Type::texts,
      Needed::no,
      "Capabilities that the code base has already",
      R"(["Flask app"])",
      {}},
     text("estimated_total_time", "An estimate of the whole", R"("45 minutes")"),
     text("dependency_graph", "The waves, for people", R"("Wave 1: 001\nWave 2: 002, 003")"),
     text("flow_branch", "Where finished work accumulates; \"flow\" if not given", R"("flow")")},
    run};

}  // namespace gitplan::mcp
