#include "commands/plan/show.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"
#include "cli/task_text.hpp"
#include "plan/estimate.hpp"
#include "session/select.hpp"
#include "session/task_object.hpp"

namespace gitplan::cli {
namespace {

/// Who approved which version, and what that leaves out.
std::string approval_text(const PlanView& view, const ApprovalState& state, const Style& style) {
  if (!state.latest) return state.required ? style.yellow("not approved") + "\n\n" : "";
  std::string text =
      fmt::format("{} v{} by {}, {}", style.bold("approved"), state.latest->version,
                  text::printable(state.latest->by), text::printable(state.latest->at));
  text += "\n" + indented(state.latest->note, style);
  constexpr std::size_t most = 20;
  for (std::size_t i = 0; i < std::min(state.unapproved.size(), most); ++i) {
    const auto& one = state.unapproved[i];
    text += style.yellow(fmt::format("not approved: {} {}", text::printable(view.task(one.task).id),
                                     describe(state, one))) +
            "\n";
  }
  if (state.unapproved.size() > most)
    text += style.yellow(fmt::format("not approved: {} more\n", state.unapproved.size() - most));
  return text + "\n";
}

std::string header(const PlanView& view, const ApprovalState& approval, const Style& style) {
  const Plan& plan = view.plan();
  std::string text = fmt::format("{} {}, {}, {}\n\n", style.bold(view.branch()), view.version(),
                                 schedule::to_string(view.state()), progress_line(view));
  text += approval_text(view, approval, style);
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

/// "needs User model class (001), 002; provides AuthService; files services/"
std::string details(const PlanView& view, TaskIndex index) {
  const Task& task = view.task(index);
  std::vector<std::string> parts;
  const auto add = [&](std::string_view word, const std::vector<std::string>& list) {
    if (!list.empty()) parts.push_back(fmt::format("{} {}", word, text::join(list, ", ")));
  };
  add("needs", needs_in_words(view, index));
  add("provides", task.provides);
  add("files", task.files);
  return text::printable(text::join(parts, "; "));
}

/// All waves in one table, so that their columns line up; the headings stand between its lines, and
/// what there is to say of a task that is still to be done stands below it.
std::string waves(const PlanView& view, const Style& style) {
  Table table;
  std::vector<TaskIndex> order;
  std::vector<std::pair<std::size_t, std::string>> headings;
  const auto& levels = view.waves().waves;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    headings.emplace_back(order.size(), fmt::format("Wave {}", i + 1));
    order.insert(order.end(), levels[i].begin(), levels[i].end());
  }
  const auto& unreachable = view.waves().unreachable;
  if (!unreachable.empty()) headings.emplace_back(order.size(), "Unreachable");
  for (const auto& one : unreachable) order.push_back(one.task);
  for (const TaskIndex task : order) table.row(task_row(view, task, style));
  const std::string lines = table.text(style, "  ");
  std::string text;
  std::size_t row = 0;
  auto heading = headings.begin();
  for (const std::string_view line : text::split(lines, '\n')) {
    if (line.empty()) continue;
    while (heading != headings.end() && heading->first == row)
      text += style.bold((heading++)->second) + "\n";
    text += std::string(line) + "\n";
    const TaskIndex task = order[row++];
    if (view.status(task) == Status::completed || view.status(task) == Status::cancelled) continue;
    const std::string below = details(view, task);
    constexpr std::string_view indent = "       ";
    if (below.empty()) continue;
    const int room = style.columns - text::width(indent);
    text += std::string(indent) +
            style.dim(style.columns > 0 ? text::cut(below, std::max(room, 1)) : below) + "\n";
  }
  return text;
}

/// "4 tasks in 2 waves, 18 min with 3 workers (2 without an estimate)"
std::string summary(const PlanView& view, int workers) {
  if (view.size() == 0) return "";
  const auto list = commands::list_waves(view, workers);
  const int unestimated = view.estimates().unestimated;
  return fmt::format(
      "\n{} in {}, {} with {}{}\n",
      text::count(static_cast<long long>(view.size()), "task", "tasks"),
      text::count(static_cast<long long>(view.waves().waves.size()), "wave", "waves"),
      format_minutes(list.makespan_minutes), text::count(workers, "worker", "workers"),
      unestimated == 0 ? "" : fmt::format(" ({} without an estimate)", unestimated));
}

std::string unreachable(const PlanView& view) {
  std::string text;
  for (const auto& one : view.waves().unreachable) {
    text += fmt::format("{}: {}\n", text::printable(view.task(one.task).id), one.reason);
  }
  return text.empty() ? text : "\n" + text;
}

int run(Invocation& invocation) {
  const auto view =
      select_plan(invocation.workspace(), Access::read, invocation.arguments().word(0));
  if (view->state() == schedule::State::stuck) {
    const std::string reason = schedule::stuck_reason(view->graph(), view->progress());
    if (!reason.empty()) invocation.workspace().note(reason);
  }
  const int workers = commands::max_parallel(invocation.workspace(), std::nullopt);
  const auto approval = approval_state(invocation.workspace(), *view);
  return invocation.answer(
      [&](const Style& style) {
        return header(*view, approval, style) + waves(*view, style) + unreachable(*view) +
               summary(*view, workers);
      },
      [&] { return commands::plan_object(*view, approval); });
}

}  // namespace

const Verb plan_show_verb{"show", "show one plan, its tasks by wave", "[<plan>]", 0, 1, {}, run};

}  // namespace gitplan::cli
