// What a tool is: a name, its parameters, and the function that it calls. One .cpp a tool under
// tools/, one row in tools/table.cpp.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "session/json.hpp"

namespace gitplan::mcp {

class Call;

enum class Type {
  text,
  texts,      ///< a list of texts
  id,         ///< a task or a worker: a text or a whole number
  ids,        ///< a list of them
  flag,       ///< true or false
  count,      ///< a whole number of at least 1
  tasks,      ///< a list of task objects
  new_tasks,  ///< the same, but an id may be missing
  draft,      ///< an object with `tasks` and the plan's other keys
};

enum class Needed { no, yes };

struct Parameter {
  std::string_view name;
  Type type = Type::text;
  Needed needed = Needed::no;
  std::string_view description;
  std::string_view example;               ///< as JSON
  std::vector<std::string_view> choices;  ///< of a text: no others are taken
};

/// What a client may tell its user before a call.
struct Behaviour {
  bool read_only = false;
  bool destructive = false;  ///< takes away something of the user's (saved first)
  bool idempotent = false;   ///< the same call again changes nothing more
};

struct Tool {
  std::string_view name;
  std::string_view title;
  std::string_view description;  ///< what it does, and when to call it
  Behaviour behaviour;
  std::vector<Parameter> parameters;
  Json (*run)(Call&) = nullptr;  ///< returns the object of the command
};

/// As tools/list shows it.
Json describe(const Tool& tool);

/// "plan_branch" and "session_id": which plan a call is about.
Parameter plan_branch_parameter();
Parameter session_parameter();
/// "fetch" of tools that only read.
Parameter fetch_parameter();
/// "limit" and "cursor" of a list.
Parameter limit_parameter(std::string_view description);
Parameter cursor_parameter();

}  // namespace gitplan::mcp
