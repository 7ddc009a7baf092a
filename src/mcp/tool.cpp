#include "mcp/tool.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace gitplan::mcp {
namespace {

Json list_of(Json items) { return Json{{"type", "array"}, {"items", std::move(items)}}; }

Json text_with(std::string_view description) {
  return Json{{"type", "string"}, {"description", description}};
}

Json texts_with(std::string_view description) {
  Json schema = list_of(Json{{"type", "string"}});
  schema["description"] = description;
  return schema;
}

Json one_of(const std::vector<std::string_view>& words) {
  return Json{{"type", "string"}, {"enum", words}};
}

Json one_of_with(const std::vector<std::string_view>& words, std::string_view description) {
  Json schema = one_of(words);
  schema["description"] = description;
  return schema;
}

/// `needs_id`: a plan's first tasks name each other by their ids; one added later gets a free one.
Json task_schema(Needed needs_id) {
  Json properties = Json::object();
  properties["id"] = Json{{"type", "string"},
                          {"pattern", "^[0-9]{3,6}$"},
                          {"description", "3 to 6 digits, for example: \"001\""}};
  properties["description"] =
      text_with("What to do, for example: \"Create User model with email/password\"");
  properties["status"] = one_of_with({"pending", "in_progress", "completed", "failed", "cancelled"},
                                     "As it stands already, for example: \"pending\"");
  properties["preconditions"] = texts_with(
      "Capabilities that it needs, word for word as others provide them, for example: "
      "[\"User model class\"]");
  properties["provides"] =
      texts_with("Capabilities that it adds, for example: [\"AuthService.login\"]");
  properties["depends_on"] = texts_with("Ids of tasks that it waits for, for example: [\"001\"]");
  properties["files"] = texts_with(
      "Files that it touches, for example: [\"services/auth.py\"]; tasks that share "
      "one do not run at once");
  properties["estimated_time"] = text_with("5 to 10 minutes, for example: \"8 minutes\"");
  properties["priority"] = one_of_with({"critical", "high", "medium", "low"},
                                       "\"medium\" if not given, for example: \"high\"");
  properties["details"] = text_with(
      "What its worker needs to know beyond the description, for example: \"Use bcrypt, cost 12\"");
  properties["test_strategy"] =
      text_with("How it is known to work, for example: \"A wrong password is refused\"");
  properties["agent"] = text_with("The kind of worker it wants, for example: \"fast\"");
  properties["slug"] = text_with("The end of its branch name, for example: \"user-model\"");
  Json required = Json::array({"id", "description"});
  if (needs_id == Needed::no) required.erase(0);
  return Json{
      {"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}};
}

Json draft_schema() {
  Json properties = Json::object();
  properties["user_request"] =
      text_with("What the user asked for, for example: \"Add user authentication with JWT\"");
  properties["provides"] =
      texts_with("Capabilities that the code base has already, for example: [\"Flask app\"]");
  properties["tasks"] = list_of(task_schema(Needed::yes));
  properties["tasks"]["description"] =
      "All tasks, for example: [{\"id\": \"001\", \"description\": \"Create User model\"}]";
  return Json{{"type", "object"}, {"properties", std::move(properties)}, {"required", {"tasks"}}};
}

Json type_schema(const Parameter& parameter) {
  const Json word =
      Json{{"anyOf", {Json{{"type", "string"}}, Json{{"type", "integer"}, {"minimum", 1}}}}};
  switch (parameter.type) {
    case Type::text:
      return parameter.choices.empty() ? Json{{"type", "string"}} : one_of(parameter.choices);
    case Type::texts:
      return list_of(Json{{"type", "string"}});
    case Type::id:
      return word;
    case Type::ids:
      return list_of(Json{{"type", "string"}});  // numbers are taken as well
    case Type::flag:
      return Json{{"type", "boolean"}};
    case Type::count:
      return Json{{"type", "integer"}, {"minimum", 1}};
    case Type::tasks:
      return list_of(task_schema(Needed::yes));
    case Type::new_tasks:
      return list_of(task_schema(Needed::no));
    case Type::draft:
      break;
  }
  return draft_schema();
}

Json schema_of(const Parameter& parameter) {
  Json schema = type_schema(parameter);
  schema["description"] =
      fmt::format("{}, for example: {}", parameter.description, parameter.example);
  return schema;
}

}  // namespace

Json describe(const Tool& tool) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const Parameter& parameter : tool.parameters) {
    properties[std::string(parameter.name)] = schema_of(parameter);
    if (parameter.needed == Needed::yes) required.push_back(parameter.name);
  }
  Json schema{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) schema["required"] = std::move(required);
  schema["additionalProperties"] = false;
  Json annotations{{"title", tool.title},
                   {"readOnlyHint", tool.behaviour.read_only},
                   {"destructiveHint", tool.behaviour.destructive},
                   {"idempotentHint", tool.behaviour.read_only || tool.behaviour.idempotent},
                   {"openWorldHint", false}};
  return Json{{"name", tool.name},
              {"title", tool.title},
              {"description", tool.description},
              {"inputSchema", std::move(schema)},
              {"annotations", std::move(annotations)}};
}

Parameter plan_branch_parameter() {
  return {"plan_branch",
          Type::text,
          Needed::no,
          "The plan; without it, the one of the last call",
          R"("plan/session-20250112-143000")",
          {}};
}

Parameter session_parameter() {
  return {"session_id",
          Type::text,
          Needed::no,
          "The plan's session; plan_branch says the same",
          R"("session-20250112-143000")",
          {}};
}

Parameter fetch_parameter() {
  return {"fetch",    Type::flag,
          Needed::no, "Ask the remote that shares the plan first (false if not given)",
          "true",     {}};
}

Parameter limit_parameter(std::string_view description) {
  return {"limit", Type::count, Needed::no, description, "50", {}};
}

Parameter cursor_parameter() {
  return {"cursor",   Type::text, Needed::no, "The next_cursor of the page before this one",
          R"("200")", {}};
}

}  // namespace gitplan::mcp
