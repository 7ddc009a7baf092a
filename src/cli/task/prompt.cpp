#include "commands/task/prompt.hpp"

#include <nlohmann/json.hpp>

#include "cli/invocation.hpp"
#include "cli/task/verbs.hpp"
#include "session/select.hpp"

namespace gitplan::cli {
namespace {

int run(Invocation& invocation) {
  const auto selected =
      select_task(invocation.workspace(), Access::read, invocation.arguments().word(0));
  const auto prompt = commands::prompt(invocation.workspace(), *selected.view, selected.task);
  return invocation.answer(
      [&](const Style&) { return prompt; },
      [&] { return commands::prompt_object(*selected.view, selected.task, prompt); });
}

}  // namespace

const Verb task_prompt_verb{
    "prompt", "print the instructions for a task's worker", "[<task>]", 0, 1, {}, run};

}  // namespace gitplan::cli
