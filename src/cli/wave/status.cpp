#include <nlohmann/json.hpp>

#include "cli/invocation.hpp"
#include "cli/wave/verbs.hpp"
#include "cli/workers_text.hpp"
#include "commands/select.hpp"
#include "commands/wave_status.hpp"

namespace gitplan::cli {
namespace {

int run(Invocation& invocation) {
  auto& workspace = invocation.workspace();
  const auto view = commands::has_no_plans(workspace) && !workspace.settings().plan
                        ? nullptr
                        : commands::select_plan(workspace, commands::Access::read);
  const auto workers = commands::worker_status(workspace, view.get());
  if (workers.empty()) invocation.hint("no worker has a task; to start some, run: git wave start");
  return invocation.answer([&](const Style& style) { return workers_text(workers, style); },
                           [&] { return commands::to_json(workers); });
}

}  // namespace

const Verb wave_status_verb{
    "status", "show the workers, their tasks and how far they are", "", 0, 0, {}, run};

}  // namespace gitplan::cli
