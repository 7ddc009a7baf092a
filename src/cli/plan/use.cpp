#include "commands/plan/use.hpp"

#include <nlohmann/json.hpp>

#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"

namespace gitplan::cli {
namespace {

int run(Invocation& invocation) {
  const auto session =
      commands::use_plan(invocation.workspace(), invocation.arguments().words.front());
  return invocation.answer([&](const Style&) { return plan_branch_text(session) + "\n"; },
                           [&] { return commands::used_object(session); });
}

}  // namespace

const Verb plan_use_verb{"use", "make a plan the current one", "<plan>", 1, 1, {}, run};

}  // namespace gitplan::cli
