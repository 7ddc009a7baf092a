#include <nlohmann/json.hpp>

#include "commands/plan/format_word.hpp"
#include "commands/report/report.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"

namespace gitplan::mcp {
namespace {

/// One page of its tasks.
Json as_object(const Call& call, const PlanView& view, const commands::Report& report) {
  Json object = to_json(view, report);
  const Call::Page page = call.page(view.size(), usual_page);
  Json tasks = Json::array();
  for (std::size_t i = page.first; i < page.last; ++i)
    tasks.push_back(std::move(object["tasks"][i]));
  object["tasks"] = std::move(tasks);
  if (page.next_cursor) object["next_cursor"] = *page.next_cursor;
  return object;
}

Json run(Call& call) {
  const std::string format = commands::require_format(
      call.arguments().text("format"), {"json", "markdown", "html"}, "git plan report");
  const auto view = call.select_plan(Access::read);
  const auto report = commands::plan_report(call.workspace(), *view);
  if (format == "json") return as_object(call, *view, report);
  Json object = new_object();
  object["session_id"] = view->session();
  object["plan_branch"] = view->branch();
  object["plan_version"] = view->version();
  object["format"] = format;
  object["report"] = format == "html" ? commands::report_html(*view, report)
                                      : commands::report_markdown(*view, report);
  return object;
}

}  // namespace

const Tool plan_report_tool{
    "plan_report",
    "Report on a plan",
    "Report what was built, how it went and what remains. Call it at the end; as Markdown it is "
    "fit for the user. Of many tasks the object has the first 200, with next_cursor.",
    {.read_only = true},
    {plan_branch_parameter(),
     {"format",
      Type::text,
      Needed::no,
      "json (an object) if not given; markdown or html stand in \"report\"",
      R"("markdown")",
      {"json", "markdown", "html"}},
     limit_parameter("At most so many tasks (200 if not given)"),
     cursor_parameter(),
     fetch_parameter()},
    run};

}  // namespace gitplan::mcp
