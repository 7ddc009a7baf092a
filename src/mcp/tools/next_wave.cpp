#include <nlohmann/json.hpp>

#include "commands/plan/show.hpp"
#include "commands/wave/blocked.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"
#include "session/approval.hpp"
#include "session/missing_work.hpp"

namespace gitplan::mcp {
namespace {

Json run(Call& call) {
  const auto view = call.select_plan(Access::read);
  warn_of_missing_work(call.workspace(), *view);
  auto next = commands::next_wave(call.workspace(), *view);
  std::vector<std::string> unapproved;
  for (const auto task : next.unapproved) unapproved.push_back(view->task(task).id);
  say_unapproved(call.workspace(), unapproved);
  commands::say_why_nothing(call.workspace(), *view, next);
  auto& tasks = next.next.tasks;
  const std::size_t total = tasks.size();
  const Call::Page page = call.page(total, usual_page);
  const auto at = [&](std::size_t index) {
    return tasks.begin() + static_cast<std::ptrdiff_t>(index);
  };
  tasks = {at(page.first), at(page.last)};
  Json object =
      to_json(*view, next,
              call.arguments().flag("explain") ? commands::Explain::yes : commands::Explain::no);
  if (page.next_cursor) {
    object["total"] = total;
    object["next_cursor"] = *page.next_cursor;
  }
  return object;
}

}  // namespace

const Tool next_wave_tool{
    "next_wave",
    "List what can start",
    "List the tasks that can start now, best first, and whether the plan is ready, running, stuck "
    "or completed. Call it to decide what to do next; start_wave starts them. Of many "
    "tasks it gives the first 200, with next_cursor.",
    {.read_only = true},
    {plan_branch_parameter(),
     {"explain", Type::flag, Needed::no, "Also say why the other tasks cannot start", "true", {}},
     limit_parameter("At most so many tasks (200 if not given)"),
     cursor_parameter(),
     fetch_parameter()},
    run};

}  // namespace gitplan::mcp
