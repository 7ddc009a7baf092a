#include "commands/plan/approve.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"
#include "cli/plan/version_word.hpp"
#include "session/select.hpp"

namespace gitplan::cli {
namespace {

int run(Invocation& invocation) {
  const Arguments& arguments = invocation.arguments();
  commands::ApproveRequest request;
  request.note = arguments.value("message").value_or("");
  if (const auto version = arguments.value("expect"))
    request.expected_version = parse_version(*version);
  const auto view = select_plan(invocation.workspace(), Access::write, arguments.word(0));
  const auto result = commands::approve_plan(invocation.workspace(), view->session(), request);
  return invocation.answer(
      [&](const Style&) {
        return fmt::format("{} {} approved by {}{}\n", plan_branch_text(result.session),
                           version_text(result.approval.version),
                           text::printable(result.approval.by),
                           result.changed ? "" : " (unchanged)");
      },
      [&] { return to_json(result); });
}

}  // namespace

const Verb plan_approve_verb{
    "approve",
    "record that you approve the plan as it is",
    "[<plan>]",
    0,
    1,
    {{'m', "message", Takes::value, "<note>", "what there is to say to it"},
     {0, "expect", Takes::value, "<vN>", "fail if the plan is at another version"}},
    run};

}  // namespace gitplan::cli
