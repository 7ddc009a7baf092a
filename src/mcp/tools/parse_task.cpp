#include <nlohmann/json.hpp>

#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"
#include "session/task_file.hpp"

namespace gitplan::mcp {
namespace {

Json run(Call& call) {
  return to_json(read_task_branch(call.workspace(), *call.arguments().text("branch")));
}

}  // namespace

const Tool parse_task_tool{
    "parse_task",
    "Read a task",
    "Read what a task branch says of its task, with its status as git shows it. A worker calls "
    "this first.",
    {.read_only = true},
    {{"branch",
      Type::id,
      Needed::yes,
      "A task branch, or the id of a task that has one",
      R"("task/001-user-model")",
      {}},
     fetch_parameter()},
    run};

}  // namespace gitplan::mcp
