#include "commands/plan/edit.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"

namespace gitplan::cli {
namespace {

int run(Invocation& invocation) {
  const Arguments& arguments = invocation.arguments();
  commands::EditRequest request;
  request.plan = arguments.word(0);
  if (const auto file = arguments.value("file")) request.text = Invocation::read_document(*file);
  request.on_terminal = ::isatty(STDIN_FILENO) != 0;
  const auto result = commands::edit_plan(invocation.workspace(), request);
  return invocation.answer(
      [&](const Style&) {
        return fmt::format("{} {}{}\n", plan_branch_text(result.session),
                           version_text(result.version), result.changed ? "" : " (unchanged)");
      },
      [&] { return to_json(result); });
}

}  // namespace

const Verb plan_edit_verb{"edit",
                          "change plan.toml in your editor",
                          "[<plan>]",
                          0,
                          1,
                          {{'F', "file", Takes::value, "<file>",
                            "take the text from a file instead; - is standard input"}},
                          run};

}  // namespace gitplan::cli
