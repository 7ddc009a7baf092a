#include "commands/task/reset.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/invocation.hpp"
#include "cli/task/verbs.hpp"

namespace gitplan::cli {
namespace {

int run(Invocation& invocation) {
  commands::ResetRequest request;
  request.task = invocation.arguments().word(0);
  if (invocation.arguments().has("force")) request.claimed = commands::ClaimedTask::start_over;
  request.answer = invocation.arguments().value("message").value_or("");
  const auto result = commands::reset_task(invocation.workspace(), request);
  for (const auto& ref : result.attempts) {
    invocation.workspace().note(fmt::format("kept its old branch as {}", ref));
  }
  return invocation.answer(
      [&](const Style&) {
        return fmt::format("{} pending ({})\n", result.task, version_text(result.version));
      },
      [&] { return to_json(result); });
}

}  // namespace

const Verb task_reset_verb{"reset",
                           "start a task over, keeping its old branch aside",
                           "[<task>]",
                           0,
                           1,
                           {{'m', "message", Takes::value, "<answer>",
                             "the answer to its question, for who tries it next"},
                            {'f', "force", Takes::nothing, "", "even if another machine has it"}},
                           run};

}  // namespace gitplan::cli
