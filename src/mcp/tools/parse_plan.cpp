#include <nlohmann/json.hpp>

#include "commands/plan/show.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"
#include "session/approval.hpp"

namespace gitplan::mcp {
namespace {

Json run(Call& call) {
  call.name_plan(call.arguments().text("branch"));
  const auto view = call.select_plan(Access::read);
  const auto shown = commands::list_tasks(*view, {.open_only = call.arguments().flag("open_only")});
  const Call::Page page = call.page(shown.size(), usual_page);
  const auto at = [&](std::size_t index) {
    return shown.begin() + static_cast<std::ptrdiff_t>(index);
  };
  const std::vector<TaskIndex> tasks(at(page.first), at(page.last));
  Json object = commands::plan_object(*view, approval_state(call.workspace(), *view), tasks);
  if (page.next_cursor) object["next_cursor"] = *page.next_cursor;
  return object;
}

}  // namespace

const Tool parse_plan_tool{
    "parse_plan",
    "Read a plan",
    "Read a plan with its tasks and their status. Call next_wave instead to learn what can start. "
    "Of many tasks it gives the first 200, with next_cursor.",
    {.read_only = true},
    {{"branch",
      Type::text,
      Needed::no,
      "The plan; without it, the one of the last call",
      R"("plan/session-20250112-143000")",
      {}},
     {"open_only",
      Type::flag,
      Needed::no,
      "Only tasks that are not completed or cancelled (false if not given)",
      "true",
      {}},
     limit_parameter("At most so many tasks (200 if not given)"),
     cursor_parameter(),
     fetch_parameter()},
    run};

}  // namespace gitplan::mcp
