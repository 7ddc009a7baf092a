#include "commands/report/report.hpp"

#include <nlohmann/json.hpp>

#include "cli/invocation.hpp"
#include "cli/plan/format_word.hpp"
#include "cli/plan/report_text.hpp"
#include "cli/plan/verbs.hpp"
#include "session/select.hpp"

namespace gitplan::cli {
namespace {

int run(Invocation& invocation) {
  const std::string format =
      format_word(invocation, {"text", "markdown", "html", "json"}, "git plan report");
  const auto& view = Invocation::keep(
      select_plan(invocation.workspace(), Access::read, invocation.arguments().word(0)));
  const auto report = commands::plan_report(invocation.workspace(), view);
  return invocation.answer(
      [&](const Style& style) {
        if (format == "markdown") return commands::report_markdown(view, report);
        if (format == "html") return commands::report_html(view, report);
        return report_text(view, report, style);
      },
      [&] { return to_json(view, report); });
}

}  // namespace

const Verb plan_report_verb{
    "report",
    "report what was built, how it went and what remains",
    "[<plan>]",
    0,
    1,
    {{0, "format", Takes::value, "<text|markdown|html|json>", "the format (default: text)"}},
    run};

}  // namespace gitplan::cli
