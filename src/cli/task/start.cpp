#include "commands/task/start.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/invocation.hpp"
#include "cli/started_text.hpp"
#include "cli/task/verbs.hpp"
#include "commands/wave/worker.hpp"

namespace gitplan::cli {
namespace {

int run(Invocation& invocation) {
  const Arguments& arguments = invocation.arguments();
  commands::StartTaskRequest request;
  request.task = arguments.words.front();
  if (const auto worker = arguments.value("worker"))
    request.worker = commands::parse_worker(*worker);
  if (arguments.has("allow-overlap")) request.overlapping = schedule::Overlapping::allow;
  if (arguments.has("force")) request.unready = Unready::start_anyway;
  if (arguments.has("take")) request.take = Take::held_ones;
  const auto started = commands::start_task(invocation.workspace(), request);
  invocation.hint(
      fmt::format("to see what its worker is told, run: git task prompt {}", started.task));
  return invocation.answer([&](const Style& style) { return started_text({started}, style); },
                           [&] { return to_json(started); });
}

}  // namespace

const Verb task_start_verb{
    "start",
    "give a task a branch and a worktree",
    "<task>",
    1,
    1,
    {{0, "worker", Takes::value, "<N>", "the slot (default: the lowest free one)"},
     {0, "allow-overlap", Takes::nothing, "", "even if its files overlap with a running task's"},
     {0, "take", Takes::nothing, "", "even if another machine has it: take it over"},
     {'f', "force", Takes::nothing, "", "even if the task is not ready"}},
    run};

}  // namespace gitplan::cli
