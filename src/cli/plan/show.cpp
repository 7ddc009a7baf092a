#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"
#include "cli/task_text.hpp"
#include "commands/plan_show.hpp"
#include "commands/select.hpp"

namespace gitplan::cli {
namespace {

std::string header(const PlanView& view, const Style& style) {
  const Plan& plan = view.plan();
  std::string text = fmt::format("{} {}, {}, {}\n\n", style.bold(view.branch()), view.version(),
                                 schedule::to_string(view.state()), progress_line(view));
  text += paragraph("Request", plan.user_request, style);
  text += paragraph("Architecture", plan.architecture, style);
  text += paragraph("Design patterns", plan.design_patterns, style);
  text += paragraph("Technology stack", plan.technology_stack, style);
  for (const Update& update : plan.updates) {
    text += paragraph(fmt::format("Update v{} ({})", update.version, text::printable(update.at)),
                      update.note, style);
  }
  return text;
}

/// All waves in one table, so that their columns line up; the headings stand between its lines.
std::string waves(const PlanView& view, const Style& style) {
  Table table;
  std::vector<std::pair<std::size_t, std::string>> headings;
  std::size_t rows = 0;
  const auto& levels = view.waves().waves;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    headings.emplace_back(rows, fmt::format("Wave {}", i + 1));
    for (const TaskIndex task : levels[i]) table.row(task_row(view, task, style));
    rows += levels[i].size();
  }
  const auto& unreachable = view.waves().unreachable;
  if (!unreachable.empty()) headings.emplace_back(rows, "Unreachable");
  for (const auto& one : unreachable) table.row(task_row(view, one.task, style));
  const std::string lines = table.text(style, "  ");
  std::string text;
  std::size_t row = 0;
  auto heading = headings.begin();
  for (const std::string_view line : text::split(lines, '\n')) {
    if (line.empty()) continue;
    while (heading != headings.end() && heading->first == row)
      text += style.bold((heading++)->second) + "\n";
    text += std::string(line) + "\n";
    ++row;
  }
  return text;
}

std::string unreachable(const PlanView& view) {
  std::string text;
  for (const auto& one : view.waves().unreachable) {
    text += fmt::format("{}: {}\n", text::printable(view.task(one.task).id), one.reason);
  }
  return text.empty() ? text : "\n" + text;
}

int run(Invocation& invocation) {
  const auto view = commands::select_plan(invocation.workspace(), commands::Access::read,
                                          invocation.arguments().word(0));
  if (view->state() == schedule::State::stuck) {
    const std::string reason = schedule::stuck_reason(view->graph(), view->progress());
    if (!reason.empty()) invocation.workspace().note(reason);
  }
  return invocation.answer(
      [&](const Style& style) {
        return header(*view, style) + waves(*view, style) + unreachable(*view);
      },
      [&] { return commands::plan_object(*view); });
}

}  // namespace

const Verb plan_show_verb{"show", "show one plan, its tasks by wave", "[<plan>]", 0, 1, {}, run};

}  // namespace gitplan::cli
