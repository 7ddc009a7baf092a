#include <nlohmann/json.hpp>

#include "commands/wave/start.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"
#include "session/approval.hpp"

namespace gitplan::mcp {
namespace {

Json run(Call& call) {
  const Arguments& arguments = call.arguments();
  commands::StartWaveRequest request;
  request.tasks = arguments.list("task_ids");
  if (const auto workers = arguments.count("max_parallel")) request.jobs = std::to_string(*workers);
  if (arguments.flag("allow_overlap")) request.overlapping = schedule::Overlapping::allow;
  const auto result = commands::start_wave(call.workspace(), request);
  say_unapproved(call.workspace(), result.unapproved);
  return to_json(result);
}

}  // namespace

const Tool start_wave_tool{
    "start_wave",
    "Start a wave",
    "Start the tasks that can start, each with a branch, a worktree and the prompt for its worker. "
    "Call it at the start of each wave, then spawn a worker for each entry of started, all at "
    "once.",
    {},
    {plan_branch_parameter(),
     {"max_parallel",
      Type::count,
      Needed::no,
      "Until so many tasks have a worker (wave.maxParallel, 3, if not given)",
      "3",
      {}},
     {"task_ids", Type::ids, Needed::no, "These tasks alone", R"(["002", "003"])", {}},
     {"allow_overlap", Type::flag, Needed::no, "Also tasks whose files overlap", "true", {}}},
    run};

}  // namespace gitplan::mcp
