#include <nlohmann/json.hpp>

#include "commands/wave/finish.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"

namespace gitplan::mcp {
namespace {

Json run(Call& call) {
  commands::FinishRequest request;
  request.tasks = call.arguments().list("task_ids");
  if (call.arguments().flag("force")) request.force = commands::Force::yes;
  const auto result = commands::finish_wave(call.workspace(), request);
  return to_json(result);
}

}  // namespace

const Tool finish_wave_tool{
    "finish_wave",
    "Finish a wave",
    "Remove the worktrees of merged tasks, record them as completed, and say what can start next. "
    "Call it when the workers of a wave have returned.",
    {.destructive = true, .idempotent = true},
    {plan_branch_parameter(),
     {"task_ids", Type::ids, Needed::no, "These tasks alone", R"(["001"])", {}},
     {"force",
      Type::flag,
      Needed::no,
      "Also remove the worktrees of named tasks that are not merged",
      "true",
      {}}},
    run};

}  // namespace gitplan::mcp
