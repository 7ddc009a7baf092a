#include "commands/plan/check.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"
#include "session/select.hpp"

namespace gitplan::cli {
namespace {

std::string text_of(const commands::CheckResult& result, const Style& style) {
  std::string text;
  int errors = 0;
  int warnings = 0;
  for (const Diagnostic& one : result.diagnostics) {
    const bool is_error = one.severity == Severity::error;
    (is_error ? errors : warnings) += 1;
    text += fmt::format("{}: {}{}\n", is_error ? style.red("error") : style.yellow("warning"),
                        one.line ? fmt::format("line {}: ", *one.line) : "", one.message);
  }
  return text + fmt::format("{}: {}, {}\n", result.name, text::count(errors, "error", "errors"),
                            text::count(warnings, "warning", "warnings"));
}

commands::CheckResult check(Invocation& invocation) {
  const Arguments& arguments = invocation.arguments();
  if (const auto file = arguments.value("file")) {
    if (arguments.word(0)) {
      throw Error(ErrorKind::usage, "give a plan or a file, not both",
                  Hint{"for example: git plan check -F plan.toml"});
    }
    return commands::check(invocation.workspace(), Invocation::read_document(*file));
  }
  const auto view = select_plan(invocation.workspace(), Access::read, arguments.word(0));
  return commands::check(invocation.workspace(), *view);
}

int run(Invocation& invocation) {
  const auto result = check(invocation);
  return invocation.answer([&](const Style& style) { return text_of(result, style); },
                           [&] { return to_json(result); }, result.has_errors() ? 1 : 0);
}

}  // namespace

const Verb plan_check_verb{
    "check",
    "list all errors and warnings of a plan",
    "[<plan>]",
    0,
    1,
    {{'F', "file", Takes::value, "<file>", "check a file instead; - is standard input"}},
    run};

}  // namespace gitplan::cli
