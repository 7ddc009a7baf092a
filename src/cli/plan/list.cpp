#include "commands/plan/list.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"

namespace gitplan::cli {
namespace {

std::string text_of(const std::vector<commands::PlanSummary>& plans, const Style& style) {
  Table table;
  for (const auto& plan : plans) {
    const Cell mark = Cell::plain(plan.current ? "*" : " ");
    const Cell name = plan.current ? Cell::painted(plan.session, style.green(plan.session))
                                   : Cell::plain(plan.session);
    if (!plan.problem.empty()) {
      table.row({mark, name, Cell::plain("?"), Cell::plain("?"), Cell::plain("unreadable"),
                 Cell::plain(plan.problem)});
      continue;
    }
    table.row({mark, name, Cell::plain(plan.version),
               Cell::plain(fmt::format("{}/{}", plan.completed_tasks, plan.total_tasks)),
               Cell::plain(schedule::to_string(plan.state)), Cell::plain(plan.user_request)});
  }
  return table.text(style);
}

int run(Invocation& invocation) {
  const auto plans = commands::list_plans(invocation.workspace());
  if (plans.empty()) invocation.hint("there is no plan yet; to make one, run: git plan create");
  return invocation.answer([&](const Style& style) { return text_of(plans, style); },
                           [&] { return to_json(plans); });
}

}  // namespace

const Verb plan_list_verb{"list", "list plans with their progress", "", 0, 0, {}, run};

}  // namespace gitplan::cli
