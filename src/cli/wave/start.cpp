#include "commands/wave/start.hpp"

#include <nlohmann/json.hpp>

#include "cli/invocation.hpp"
#include "cli/started_text.hpp"
#include "cli/wave/verbs.hpp"
#include "session/approval.hpp"

namespace gitplan::cli {
namespace {

int run(Invocation& invocation) {
  const Arguments& arguments = invocation.arguments();
  commands::StartWaveRequest request;
  request.tasks = arguments.words;
  request.jobs = arguments.value("jobs");
  if (arguments.has("allow-overlap")) request.overlapping = schedule::Overlapping::allow;
  const auto result = commands::start_wave(invocation.workspace(), request);
  say_unapproved(invocation.workspace(), result.unapproved);
  if (!result.started.empty()) invocation.hint("when they are merged, run: git wave finish");
  return invocation.answer([&](const Style& style) { return started_text(result.started, style); },
                           [&] { return to_json(result); });
}

}  // namespace

const Verb wave_start_verb{
    "start",
    "start tasks in free slots: branches, worktrees, prompts",
    "[<task>...]",
    0,
    10000,
    {{'j', "jobs", Takes::value, "<N>", "until N tasks have a slot (default: wave.maxParallel, 3)"},
     {0, "allow-overlap", Takes::nothing, "", "even if files overlap"}},
    run};

}  // namespace gitplan::cli
