#include <nlohmann/json.hpp>

#include "commands/wave/worker.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"

namespace gitplan::mcp {
namespace {

Json run(Call& call) {
  const int worker = commands::parse_worker(*call.arguments().text("worker_id"));
  return commands::removed_object(commands::remove_worker(call.workspace(), worker));
}

}  // namespace

const Tool remove_worktree_tool{
    "remove_worktree",
    "Remove a worktree",
    "Remove a worker's worktree; unsaved work is rescued first, and the notes say where to. Call "
    "it when the worker's task is merged; finish_wave does so for all.",
    {.destructive = true, .idempotent = true},
    {{"worker_id", Type::id, Needed::yes, "The worker: \"1\", 1 or \"worker-1\"", R"("1")", {}}},
    run};

}  // namespace gitplan::mcp
