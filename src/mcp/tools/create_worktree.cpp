#include <nlohmann/json.hpp>

#include "commands/wave/worker.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"

namespace gitplan::mcp {
namespace {

Json run(Call& call) {
  const int worker = commands::parse_worker(*call.arguments().text("worker_id"));
  return to_json(
      commands::add_worker(call.workspace(), worker, *call.arguments().text("task_branch")));
}

}  // namespace

const Tool create_worktree_tool{
    "create_worktree",
    "Create a worktree",
    "Give a worker a worktree of its own at .worktrees/worker-N with a task branch checked out. "
    "What stands there is replaced; unsaved work is rescued first, and the notes say where to. "
    "Call it before the worker starts.",
    {.destructive = true, .idempotent = true},
    {{"worker_id", Type::id, Needed::yes, "The worker: \"1\", 1 or \"worker-1\"", R"("1")", {}},
     {"task_branch",
      Type::text,
      Needed::yes,
      "The branch to check out",
      R"("task/001-user-model")",
      {}}},
    run};

}  // namespace gitplan::mcp
