#include <nlohmann/json.hpp>

#include "commands/plan/sync.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"

namespace gitplan::mcp {
namespace {

Json run(Call& call) {
  return to_json(commands::sync(call.workspace(), call.arguments().text("remote")));
}

}  // namespace

const Tool sync_plan_tool{
    "sync_plan",
    "Bring this clone and the shared remote together",
    "Fetch what other machines wrote, merge plans and flow that both sides moved, and push what "
    "the remote lacks; \"conflicts\" names what was changed on both sides, and then nothing has "
    "moved. Call it where a refusal says so, and once in a new clone, with the remote.",
    {.idempotent = true},
    {{"remote",
      Type::text,
      Needed::no,
      "The remote that machines share the plan through; without it, plan.remote",
      R"("origin")",
      {}}},
    run};

}  // namespace gitplan::mcp
